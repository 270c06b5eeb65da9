#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""carry.py - a TCP connection that carries as much as it can: receive PORT prints its Mbit/s, from the first byte to the last;
send ADDRESS PORT BYTES."""
import socket
import sys
import time


def receive(port):
    server = socket.create_server(("", port))
    sock = server.accept()[0]
    room = bytearray(1 << 20)
    total = sock.recv_into(room)
    began = time.monotonic()
    while n := sock.recv_into(room):
        total += n
    print(int(total * 8 / 1e6 / (time.monotonic() - began)))


def send(address, port, size):
    sock = socket.create_connection((address, port))
    part = bytes(1 << 20)
    for _ in range(size // len(part)):
        sock.sendall(part)
    sock.close()


if sys.argv[1] == "receive":
    receive(int(sys.argv[2]))
else:
    send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
