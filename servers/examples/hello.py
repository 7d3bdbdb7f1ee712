#!/usr/bin/env python3
# hello.py - a thread for each client, in Python.
# SPDX-License-Identifier: MIT
import argparse
import os
import platform
import signal
import socket
import sys
import threading

REPLY = (b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n"
         b"Content-Type: text/plain;charset=utf-8\r\n\r\nHello, World!")


def serve(client):
    with client:
        head = b""
        while b"\r\n\r\n" not in head and b"\n\n" not in head:
            more = client.recv(8192)
            if not more:
                return
            head += more
        client.sendall(REPLY)


def serve_until_it_leaves(client):
    try:
        serve(client)
    except OSError:  # it has reset the connection
        pass


def port(text):
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("-a", default="127.0.0.1")
    parser.add_argument("-p", type=port, default=0)
    parser.add_argument("-b", type=int, default=4096)
    parser.add_argument("-i", action="store_true")
    parser.print_usage = lambda file=None: None  # one line says what is wrong
    return parser.parse_args()


def listen(option):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((option.a, option.p))
    listener.listen(option.b)
    return listener


option = read_options()
if option.i:
    print("about: a thread for each client")
    print("library: Python", platform.python_version())
    print("only: GET /")
    sys.exit()
for number in signal.SIGTERM, signal.SIGINT:
    signal.signal(number, lambda *_: os._exit(0))
try:
    listener = listen(option)
except OSError as error:
    sys.exit(f"hello.py: cannot listen on {option.a}:{option.p}: {error}")
print("listening on %s:%d" % listener.getsockname(), flush=True)
while True:
    try:
        client, _ = listener.accept()
        threading.Thread(target=serve_until_it_leaves, args=(client,), daemon=True).start()
    except (OSError, RuntimeError):  # no descriptor, no thread: later there may be one
        pass
