// hello.rs - a thread for each client: rustc -O hello.rs.
// SPDX-License-Identifier: MIT
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::process::exit;
use std::thread;
use std::time::Duration;

const REPLY: &[u8] = b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\
    Content-Type: text/plain;charset=utf-8\r\n\r\nHello, World!";

// Of the C library, which every Rust program is linked with.
extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn listen(socket: i32, backlog: i32) -> i32;
    fn _exit(status: i32) -> !;
}

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

extern "C" fn on_stop(_: i32) {
    unsafe { _exit(0) }
}

fn serve(mut client: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line == b"\r\n" || line == b"\n" {
            return client.write_all(REPLY);
        }
    }
}

fn fail(status: i32, what: &str) -> ! {
    eprintln!("hello.rs: {what}");
    exit(status)
}

struct Options {
    address: String,
    port: u16,
    backlog: i32,
    about: bool,
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> T {
    match value.parse() {
        Ok(number) => number,
        Err(_) => fail(2, &format!("{name}: no number that it takes: {value}")),
    }
}

fn options() -> Options {
    let mut options =
        Options { address: "127.0.0.1".into(), port: 0, backlog: 4096, about: false };
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "-i" {
            options.about = true;
            continue;
        }
        if !["-a", "-p", "-b"].contains(&name.as_str()) {
            fail(2, &format!("not an option: {name}"));
        }
        let value = match arguments.next() {
            Some(value) => value,
            None => fail(2, &format!("{name} needs a value")),
        };
        match name.as_str() {
            "-a" => options.address = value,
            "-p" => options.port = number(&name, &value),
            _ => options.backlog = number(&name, &value),
        }
    }
    options
}

fn main() {
    let options = options();
    if options.about {
        println!("about: a thread for each client\nlibrary: Rust's standard library");
        println!("cores: all\nonly: GET /");
        return;
    }
    unsafe {
        signal(SIGTERM, on_stop);
        signal(SIGINT, on_stop);
    }
    let listener = match TcpListener::bind((options.address.as_str(), options.port)) {
        Ok(listener) => listener,
        Err(why) => fail(1, &format!("cannot listen: {why}")),
    };
    unsafe { listen(listener.as_raw_fd(), options.backlog) }; // the library's own is 128
    match listener.local_addr() {
        Ok(address) => println!("listening on {address}"),
        Err(why) => fail(1, &format!("cannot tell where it listens: {why}")),
    }
    loop {
        // Where no descriptor or no thread is left, there may be one later.
        let begun = listener.accept().and_then(|(client, _)| {
            thread::Builder::new().spawn(move || serve(client))
        });
        if begun.is_err() {
            thread::sleep(Duration::from_millis(10));
        }
    }
}
