// hello.go - a goroutine for each client: go build hello.go.
// SPDX-License-Identifier: MIT
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const reply = "HTTP/1.0 200 OK\r\nContent-Length: 13\r\n" +
	"Content-Type: text/plain;charset=utf-8\r\n\r\nHello, World!"

func serve(client net.Conn) {
	defer client.Close()
	lines := bufio.NewReader(client)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if strings.TrimRight(line, "\r\n") == "" {
			break
		}
	}
	client.Write([]byte(reply))
}

func fail(status int, format string, what ...any) {
	fmt.Fprintf(os.Stderr, "hello.go: "+format+"\n", what...)
	os.Exit(status)
}

func main() {
	options := flag.NewFlagSet("hello", flag.ContinueOnError)
	options.SetOutput(new(strings.Builder)) // one line says what is wrong
	address := options.String("a", "127.0.0.1", "")
	port := options.Uint("p", 0, "")
	options.Int("b", 4096, "") // the net package takes the kernel's limit
	about := options.Bool("i", false, "")
	if err := options.Parse(os.Args[1:]); err != nil {
		fail(2, "%v", err)
	}
	if *port > 65535 {
		fail(2, "no port: %d", *port)
	}
	if *about {
		fmt.Println("about: a goroutine for each client")
		fmt.Println("library: Go", strings.TrimPrefix(runtime.Version(), "go"))
		fmt.Println("cores: all\nonly: GET /")
		return
	}
	listener, err := net.Listen("tcp4", fmt.Sprintf("%s:%d", *address, *port))
	if err != nil {
		fail(1, "cannot listen: %v", err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		os.Exit(0)
	}()
	fmt.Printf("listening on %s\n", listener.Addr())
	for {
		client, err := listener.Accept()
		if err != nil { // no descriptor is left: later there may be one
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go serve(client)
	}
}
