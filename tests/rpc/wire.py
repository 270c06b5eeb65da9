# SPDX-License-Identifier: GPL-2.0-or-later
# wire.py - libvirt's remote protocol by hand, for clients that no library would be.
import select
import socket
import struct
import time

REMOTE, KEEPALIVE = 0x20008086, 0x6b656570
CALL, REPLY, MESSAGE, STREAM = range(4)
FRAME_MAX = 1024 * 1024


def word(n):
    return struct.pack('>I', n & 0xffffffff)


def string(s):
    data = s.encode() if isinstance(s, str) else s
    return word(len(data)) + data + b'\0' * (-len(data) % 4)


def optional(s):
    return word(0) if s is None else word(1) + string(s)


def net(name, uuid):
    return string(name) + uuid


def frame(procedure, payload=b'', program=REMOTE, version=1, kind=CALL, serial=0, status=0):
    return struct.pack('>IIIiIII', 28 + len(payload), program, version, procedure, kind, serial, status) + payload


class Answer:
    def __init__(self, data):
        (self.length, self.program, self.version, self.procedure, self.kind, self.serial,
         self.status) = struct.unpack('>IIIiIII', data[:28])
        self.payload = data[28:]
        self.code = self.domain = self.message = None
        if self.kind == REPLY and self.status == 1:
            self.code, self.domain, there, size = struct.unpack('>iiII', self.payload[:16])
            self.message = self.payload[16:16 + size].decode() if there else None


class Client:
    """A connection; @opened: CONNECT_OPEN is done."""
    def __init__(self, path, opened=True):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(path)
        self.buf = b''
        self.serial = 0
        if opened:
            answer = self.open()
            if not answer or answer.status != 0:
                raise ConnectionError(answer and answer.message)

    def open(self, name='network:///system'):
        return self.call(1, optional(name) + word(0))

    def send(self, data):
        self.sock.sendall(data)

    def read(self):
        """The next message, or None at the end of the connection."""
        while len(self.buf) < 4 or len(self.buf) < struct.unpack('>I', self.buf[:4])[0]:
            try:
                data = self.sock.recv(1 << 16)
            except ConnectionResetError:
                data = b''
            if not data:
                return None
            self.buf += data
        size = struct.unpack('>I', self.buf[:4])[0]
        data, self.buf = self.buf[:size], self.buf[size:]
        return Answer(data)

    def call(self, procedure, payload=b'', **header):
        self.serial += 1
        self.send(frame(procedure, payload, **{'serial': self.serial, **header}))
        return self.read()

    def silent(self, seconds=.2):
        """Nothing comes for a while."""
        return not self.buf and not select.select([self.sock], [], [], seconds)[0]

    def closed(self):
        """The server has closed the connection, without a word."""
        return self.read() is None

    def close(self):
        self.sock.close()

    def lookup(self, name):
        """The name and the UUID of a network, as procedures take it, or None."""
        answer = self.call(46, string(name))
        return answer.payload if answer.status == 0 else None


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(.02)
    return condition()
