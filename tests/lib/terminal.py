#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""terminal.py - a program at a terminal, and somebody who types.

    terminal.py COLUMNS PROGRAM [ARGUMENT...] <SCRIPT

Lines of the script: "type KEYS", with \\t, \\r, \\e and so on as in Python; "await REGEX", for output since the last await, as it
comes; "run COMMAND", by the shell. After the last one the program is to end. What came, with the echo of what was typed, is
printed as it is, except that carriage returns are removed.
Exit status: that of the program; 1 when something did not come within SECONDS.
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

SECONDS = 20


def start(columns, argv):
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp(argv[0], argv)
    return pid, fd


class Terminal:
    def __init__(self, fd):
        self.fd, self.whole, self.unread = fd, "", ""

    def read(self, seconds):
        """Reads more output; False when there is no more, or none came."""
        if not select.select([self.fd], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the program's end of the terminal is closed
            return False
        text = data.decode(errors="replace").replace("\r", "")
        self.whole += text
        self.unread += text
        return bool(data)

    def wait_for(self, regex):
        until = time.monotonic() + SECONDS
        while not (found := re.search(regex, self.unread)):
            if not self.read(until - time.monotonic()):
                return False
        self.unread = self.unread[found.end():]
        return True


def main():
    pid, fd = start(int(sys.argv[1]), sys.argv[2:])
    terminal = Terminal(fd)
    failed, line = False, ""
    for line in sys.stdin.read().splitlines():
        verb, _, rest = line.partition(" ")
        if verb == "type":
            os.write(fd, rest.encode().decode("unicode_escape").encode("latin-1"))
        elif verb == "await":
            failed = not terminal.wait_for(rest)
        elif verb == "run":
            failed = os.system(rest) != 0
        if failed:
            break
    while not failed and terminal.read(SECONDS):
        pass
    print(terminal.whole, end="")
    if failed:
        print(f"\nterminal.py: failed: {line}", file=sys.stderr)
        os.kill(pid, 9)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.exit(1 if failed else status)


main()
