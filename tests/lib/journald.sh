# SPDX-License-Identifier: GPL-2.0-or-later
# journald.sh - in the place of systemd-journald, for the log of changes; sourced after ns.sh, in $T.

# Each entry is one line of the file entries; the pid of the listener is in $journald.
mkdir -p /run/systemd/journal
python3 -u - >entries <<'X' &
import os, socket
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("/run/systemd/journal/socket")
print("ready")
while True:
    os.write(1, b" | ".join(heard.recv(65536).splitlines()) + b"\n")
X
journald=$!
await grep -q ready entries
