# contract.py - the contract of a server, for the systems in Python: options, socket, end.
# SPDX-License-Identifier: MIT
import getopt
import os
import signal
import socket
import sys

BODY = b"Hello, World!"
CONTENT_TYPE = b"text/plain;charset=utf-8"
# What the second article shows, byte for byte: for those that leave HTTP to their user.
REPLY = (
    b"HTTP/1.0 200 OK\r\n"
    b"Content-Length: 13\r\n"
    b"Content-Type: " + CONTENT_TYPE + b"\r\n"
    b"\r\n" + BODY
)
HEAD_MAX = 8192
NAME = os.path.basename(sys.argv[0])

EX_UNAVAILABLE = 69


def fail(status, why):
    sys.exit(print(f"{NAME}: {why}", file=sys.stderr) or status)


class needs:
    """Whatever is imported within it is of this Debian package."""

    def __init__(self, package):
        self.package = package

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind and issubclass(kind, ImportError):
            fail(EX_UNAVAILABLE, f"{error} (Debian: {self.package})")


def options(backlog):
    try:
        pairs, rest = getopt.getopt(sys.argv[1:], "a:p:b:i")
        given = dict([("-a", "127.0.0.1"), ("-p", "0"), ("-b", str(backlog))] + pairs)
        port, backlog = int(given["-p"]), int(given["-b"])
        if rest or not 0 <= port <= 65535 or backlog < 1:
            raise ValueError
    except (getopt.GetoptError, ValueError):
        fail(2, "usage: [-a ADDR] [-p PORT] [-b BACKLOG] [-i]")
    return "-i" in given, given["-a"], port, backlog


def listener(about, backlog=4096, blocks=None):
    """The listening socket that the options ask for, its ready line printed: whoever connects
    from now on waits for the server to accept. With -i it prints `about` and what it
    can do, and ends."""
    only_about, host, port, backlog = options(backlog)
    if only_about:
        print(f"about: {about}; GET / only\nonly: GET /")
        if blocks:
            print(f"blocks: {blocks}")
        sys.exit()
    sock = socket.socket()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(backlog)
    except OSError as error:
        fail(1, f"cannot listen on {host}:{port}: {error.strerror}")
    for number in signal.SIGTERM, signal.SIGINT:
        signal.signal(number, lambda *_: os._exit(0))
    print("listening on %s:%d" % sock.getsockname(), flush=True)
    return sock


def answer(client):
    """Answers one request, for those that leave HTTP to their user. A client that leaves
    before is its own affair."""
    try:
        with client.makefile("rb") as lines:
            for line in iter(lambda: lines.readline(HEAD_MAX), b""):
                if not line.strip():
                    return client.sendall(REPLY)
    except OSError:
        pass
