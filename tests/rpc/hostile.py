#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# hostile.py SOCKET READ-ONLY-SOCKET SERVER-PID HASTY-SOCKET HASTY-PID - clients that do not keep to the protocol, or abuse it: each is refused, hung up on, or
# made to wait, and nobody else notices. Prints what is wrong; the exit status says whether anything is.
import os
import random
import re
import subprocess
import sys
import time

from wire import (CALL, FRAME_MAX, KEEPALIVE, MESSAGE, REPLY, STREAM, Client, frame, net, optional, string, until, word)

SOCK, SOCK_RO, SERVER = sys.argv[1], sys.argv[2], int(sys.argv[3])
HASTY, HASTY_PID = sys.argv[4], int(sys.argv[5])  # a server with --patience 1
VNETMGR = os.environ['VNETMGR']
failures = checks = 0

OPEN_ARGS = optional('network:///system') + word(0)
NOBODY = net('none', b'0' * 16)
PORT = NOBODY + b'1' * 16
CHANGES = {39: NOBODY, 40: string('<network/>'), 41: string('<network/>'), 42: NOBODY, 48: NOBODY + word(1), 49: NOBODY,
           291: NOBODY + word(1) + word(4) + word(-1) + string('<host/>') + word(0),
           406: NOBODY + string('<networkport/>') + word(0), 408: PORT + word(0) + word(0), 410: PORT + word(0),
           432: string('<network/>') + word(0), 437: string('<network/>') + word(0),
           444: NOBODY + word(0) + optional('x') + optional(None) + optional(None) + word(0)}
LOOKS = {36: word(1), 38: word(1), 43: NOBODY + word(0), 44: NOBODY, 45: NOBODY, 46: string('none'), 47: b'0' * 16, 50: b'',
         52: b'', 152: NOBODY, 153: NOBODY, 283: word(1) + word(0), 341: NOBODY + optional(None) + word(1) + word(0),
         404: NOBODY + word(1) + word(0), 405: NOBODY + b'1' * 16, 407: PORT + word(0) + word(0), 409: PORT + word(0),
         445: NOBODY + word(0) + optional(None) + word(0), 313: word(0) + word(0), 314: word(0), 3: b'', 110: b'', 149: b'',
         157: b'', 360: b'', 361: b'', 419: word(0) + word(0)}


def same(what, expected, actual):
    global failures, checks
    checks += 1
    if expected != actual:
        failures += 1
        print(f'FAIL: {what}: {actual!r} instead of {expected!r}', flush=True)


def refused(what, answer, code, domain=7):
    same(what, (code, domain), answer and (answer.code, answer.domain))
    return answer and answer.message


def vnetmgr(*args):
    return subprocess.run([VNETMGR, '-q', *args], capture_output=True, text=True).stdout


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return [int(child) for child in file.read().split()]


def connections(server=SERVER):
    """The processes that serve clients; one more waits for the next."""
    return [pid for pid in children(server) if name_of(pid) == 'vnetmgr-rpc']


def name_of(pid):
    try:
        with open(f'/proc/{pid}/comm') as file:
            return file.read().strip()
    except OSError:
        return None


def private_kib(pid):
    with open(f'/proc/{pid}/smaps_rollup') as file:
        return sum(int(n) for n in re.findall(r'Private_(?:Clean|Dirty): +(\d+)', file.read()))


def waiting():
    """The process that will serve the next client, which is there once one was served; two while one of them begins to."""
    found = [pid for pid in children(SERVER) if name_of(pid) == 'vnetmgr-spare']
    return found if len(found) == 1 else []


def new_client(path=SOCK, opened=True):
    """A client, and the process that serves it."""
    [pid] = until(waiting)
    client = Client(path, opened)
    until(lambda: name_of(pid) == 'vnetmgr-rpc')
    return client, pid


def test_lengths():
    for length in (0, 3, 4, 27, FRAME_MAX + 1, 32 << 20, 0x7fffffff, 0x80000000, 0xffffffff):
        client = Client(SOCK)
        client.send(word(length) + b'\0' * 24)
        same(f'length {length}', True, client.closed())
        client.close()
    client, pid = new_client()
    client.send(word(FRAME_MAX) + frame(46)[4:])
    same('a long message that does not come', True, client.silent())
    same('and takes no memory', True, private_kib(pid) < 3072)
    client.close()
    # The largest one that is allowed.
    client = Client(SOCK)
    xml = '<network>' + ' ' * (FRAME_MAX - 28 - 4 - 9)
    message = frame(41, string(xml))
    same('the largest message', FRAME_MAX, len(message))
    client.send(message)
    same('is read', 1, client.read().status)
    same('and no end of the connection', 0, client.call(52).status)
    # Byte by byte, and two in one piece.
    for byte in frame(149, serial=7):
        client.send(bytes([byte]))
    same('byte by byte', 7, client.read().serial)
    client.send(frame(149, serial=8) + frame(149, serial=9)[:30])
    same('one and a half', 8, client.read().serial)
    client.close()


def test_headers():
    client = Client(SOCK)
    same('unknown procedure', 'unknown procedure: 9999', refused('unknown procedure', client.call(9999), 39))
    same('a negative one', 'unknown procedure: -5', refused('a negative one', client.call(-5), 39))
    for program, version in ((0x20008087, 1), (0x20008086, 2), (0, 0)):
        answer = client.call(52, program=program, version=version)
        same('unknown program', 'Cannot find program %d version %d' % (program, version),
             refused('unknown program', answer, 39))
        same('it is echoed', (program, version), (answer.program, answer.version))
    same('status', 'Unexpected message status 1', refused('status', client.call(52, status=1), 39))
    for kind in (REPLY, STREAM, MESSAGE, 6, 77):
        client.send(frame(52, kind=kind))
    same('what is no call', True, client.silent())
    same('bytes after the payload', 0, client.call(52, b'\xff' * 40).status)
    pong = client.call(1, program=KEEPALIVE, kind=MESSAGE, serial=0)
    same('keepalive', (2, MESSAGE, KEEPALIVE), (pong.procedure, pong.kind, pong.program))
    same('open again', 'connection already open', refused('open again', client.open(), 1).split(': ')[-1])
    client.close()


def test_unopened():
    for procedure, payload in {**CHANGES, **LOOKS}.items():
        client = Client(SOCK, opened=False)
        message = refused(f'{procedure} before OPEN', client.call(procedure, payload), 1)
        same(f'{procedure} before OPEN', 'connection not open', str(message).split(': ')[-1])
        client.close()
    client = Client(SOCK, opened=False)
    same('keepalive before OPEN', 2, client.call(1, program=KEEPALIVE, kind=MESSAGE, serial=0).procedure)
    same('authentication before OPEN', word(1) + word(0), client.call(66).payload)
    same('keepalive as a feature before OPEN', word(1), client.call(60, word(10)).payload)
    same('another feature before OPEN', 1, client.call(60, word(16)).status)
    for name in ('test:///default', 'network:///session', 'network://host/system', 'x', 'network:///system' + 'x' * 1000):
        same(f'OPEN {name}', 1, client.call(1, optional(name) + word(0)).status)
    same('a flag of any kind', 0, client.call(1, b'\1\0\0\0' + string('network:///system') + word(0)).status)
    client.close()


def test_payloads():
    """Every procedure with nothing, too little, and lengths that lie."""
    client = Client(SOCK)
    for procedure, payload in {**CHANGES, **LOOKS}.items():
        for cut in sorted({0, 1, 3, 4, 7, len(payload) // 2, len(payload) - 1}):
            if 0 <= cut < len(payload):
                refused(f'{procedure}, {cut} bytes', client.call(procedure, payload[:cut]), 39)
    for length in (5, 0x7fffffff, 0xffffffff, 4194305):
        refused(f'a string of {length}', client.call(46, word(length) + b'none'), 39)
    refused('a NUL in a string', client.call(46, string('no\0ne')), 39)
    for count in (17, 21, 0x7fffffff, 0xffffffff):
        refused(f'{count} parameters of a port', client.call(408, PORT + word(count) + word(0)), 39)
    for count in (21, 0x7fffffff, 0xffffffff):
        refused(f'{count} of an identity', client.call(419, word(count) + word(0)), 39)
    refused('a parameter of no type', client.call(408, PORT + word(1) + string('x') + word(8) + word(1) + word(0)), 39)
    client.call(48, net('none', b'0' * 16) + word(-1))
    same('all of it on one connection', 0, client.call(52).status)
    client.close()


def test_counts():
    """Numbers of how many a client has room for: negative ones crashed others."""
    vnetmgr_define('count')
    for path in (SOCK, SOCK_RO):
        client = Client(path)
        for count in (-1, -0x80000000, 0x7fffffff, 0, 1):
            for procedure in (36, 38):
                answer = client.call(procedure, word(count))
                same(f'{procedure}: room for {count}', True, answer.status == 1 or len(answer.payload) < 64)
            for payload in (word(count) + word(0), word(1) + word(count)):
                answer = client.call(283, payload)
                same(f'list {count}', True, answer.status in (0, 1))
            handle = client.lookup('count')
            same(f'leases {count}', True, client.call(341, handle + word(0) + word(count) + word(0)).status in (0, 1))
            same(f'ports {count}', True, client.call(404, handle + word(count) + word(0)).status in (0, 1))
            same(f'rates {count}', True, client.call(407, handle + b'1' * 16 + word(count) + word(0)).status == 1)
            same(f'events {count}', count not in (0, 1), client.call(313, word(count) + word(0)).status == 1)
            same(f'no events {count}', True, client.call(314, word(count)).status in (0, 1))
        same('it goes on', 0, client.call(52).status)
        client.close()
    vnetmgr('net-undefine', 'count')


def vnetmgr_define(name, more=''):
    subprocess.run([VNETMGR, '-q', 'net-define', '/dev/stdin'], check=True, text=True,
                   input=f"<network><name>{name}</name>{more}<bridge name='vb{name}'/></network>")


def test_garbage():
    rng = random.Random(5)
    for i in range(int(os.environ.get('VNM_GARBAGE', '150'))):
        client = Client(SOCK, opened=rng.random() < .7)
        procedure = rng.choice([*LOOKS, *CHANGES, rng.randrange(500)])
        payload = bytearray({**CHANGES, **LOOKS}.get(procedure, rng.randbytes(40)))
        for _ in range(rng.randrange(1, 6)):
            if payload:
                payload[rng.randrange(len(payload))] = rng.choice([0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)])
        client.send(frame(procedure, bytes(payload)) if rng.random() < .8 else rng.randbytes(rng.randrange(1, 300)))
        client.close()
    client = Client(SOCK)
    same('a client after all that', 0, client.call(52).status)
    client.close()


def test_pipelining():
    """Thousands of calls, and nobody reads the answers."""
    vnetmgr_define('pipe', '<description>' + 'x' * 50000 + '</description>')
    client, pid = new_client()
    handle = client.lookup('pipe')
    client.sock.setblocking(False)
    calls = [frame(43, handle + word(0) + b'\0' * 2000, serial=n) for n in range(1500)]
    size, calls = len(calls[0]), b''.join(calls)
    sent, still = 0, 0
    while still < 10 and sent < len(calls):
        try:
            sent, still = sent + client.sock.send(calls[sent:]), 0
        except BlockingIOError:
            still += 1
            time.sleep(.05)
    same('it stops to read', True, sent < len(calls))
    same('and to grow', True, private_kib(pid) < 6144)
    client.sock.settimeout(60)
    for n in range(sent // size):
        answer = client.read()
        if not answer or answer.serial != n or answer.status != 0:
            same(f'answer {n}', 'in order', answer and (answer.serial, answer.status))
            break
    client.close()
    # One change after the other, all on the wire before the first answer.
    client = Client(SOCK)
    xml = "<network><name>line</name><uuid>5eedcafe-0000-4000-8000-00000000000a</uuid><bridge name='vbline'/></network>"
    handle = net('line', bytes.fromhex('5eedcafe00004000800000000000000a'))
    client.send(frame(41, string(xml), serial=1) + frame(39, handle, serial=2) + frame(152, handle, serial=3) +
                frame(1, program=KEEPALIVE, kind=MESSAGE) + frame(42, handle, serial=4) + frame(49, handle, serial=5))
    answers = [client.read() for _ in range(6)]
    same('in order', [1, 2, 3, 4, 5], [answer.serial for answer in answers if answer.program != KEEPALIVE])
    same('all done', [0] * 6, [answer.status for answer in answers])
    client.close()
    vnetmgr('net-undefine', 'pipe')


def test_callbacks():
    client = Client(SOCK)
    answers = [client.call(313, word(0) + word(0)) for _ in range(2000)]
    same('registrations', ([0] * 16, {1}), ([a.status for a in answers[:16]], {a.status for a in answers[16:]}))
    same('their numbers', [word(n) for n in range(16)], [a.payload for a in answers[:16]])
    same('one that is none', 1, client.call(314, word(99)).status)
    same('one ends', 0, client.call(314, word(3)).status)
    same('and makes room', word(16), client.call(313, word(0) + word(0)).payload)
    same('and is gone', 1, client.call(314, word(3)).status)
    client.close()
    client, pid = new_client()
    for _ in range(30):
        number = client.call(313, word(0) + word(0)).payload
        client.call(314, number)
    same('no watcher is left', [], children(pid))
    client.close()


def test_unread_events():
    """One asks for events and never reads: others, and who changes networks, do not wait for it."""
    vnetmgr_define('flood')
    client, pid = new_client()
    for _ in range(16):
        client.call(313, word(0) + word(0))
    busy = Client(SOCK)
    handle = busy.lookup('flood')
    for n in range(150):
        same('autostart', 0, busy.call(48, handle + word(n % 2)).status)
        if n % 10 == 0:
            same('define', 0, busy.call(41, string(
                f"<network><name>flood</name><uuid>{uuid_text(handle)}</uuid><bridge name='vbflood'/></network>")).status)
    same('what it takes', True, private_kib(pid) < 4096)
    busy.close()
    client.close()
    same('it ends with its client', True, until(lambda: not os.path.exists(f'/proc/{pid}')))
    vnetmgr('net-undefine', 'flood')


def uuid_text(handle):
    digits = handle[-16:].hex()
    return '-'.join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def test_many_clients():
    same('all others have gone', True, until(lambda: not connections()))
    clients = [Client(SOCK) for _ in range(64)]
    same('64 clients', True, until(lambda: len(connections()) == 64))  # the next one, in reserve, may not have its name yet
    late = Client(SOCK, opened=False)
    late.send(frame(1, OPEN_ARGS, serial=1))
    same('one more waits', True, late.silent())
    other = Client(SOCK_RO)
    same('who looks on does not', 0, other.call(52).status)
    same('nor does the command line', '', vnetmgr('net-list', '--name').strip())
    clients.pop().close()
    same('until there is room', 0, late.read().status)
    same('then it is served', 0, late.call(52).status)
    for client in [*clients, late, other]:
        client.close()
    same('all have gone', True, until(lambda: not connections()))


def test_died():
    """A client that goes away in the middle of a definition, and at once after it."""
    xml = "<network><name>dead</name><bridge name='vbdead'/></network>"
    message = frame(41, string(xml))
    for cut in (1, 4, 20, 28, 31, len(message) - 1):
        client = Client(SOCK)
        client.send(message[:cut])
        client.close()
    same('its processes end', True, until(lambda: not connections()))
    same('nothing is defined', '', vnetmgr('net-list', '--all', '--name').strip())
    for n in range(10):
        client = Client(SOCK)
        client.send(message)
        client.close()
    same('a whole one is done', True, until(lambda: vnetmgr('net-list', '--all', '--name').strip() == 'dead'))
    # While it is at work: the client goes, the change is finished.
    client = Client(SOCK)
    client.send(frame(39, client.lookup('dead')))
    client.close()
    same('and a start', True, until(lambda: 'dead' in vnetmgr('net-list', '--name')))
    same('its processes end', True, until(lambda: not connections()))
    vnetmgr('net-destroy', 'dead')
    vnetmgr('net-undefine', 'dead')


def test_patience():
    """A client that says nothing, that stops in the middle of a message, that reads nothing; and one that has nothing to say."""
    vnetmgr_define('long', '<description>' + 'x' * 100000 + '</description>')
    quiet = Client(HASTY)
    for what, data in (('nothing', b''), ('a byte', b'\0'), ('a part of a message', frame(1, OPEN_ARGS)[:-1])):
        begun = time.monotonic()
        client = Client(HASTY, opened=False)
        client.send(data)
        same(f'{what}: the end', True, client.closed())
        same(f'{what}: not at once', True, time.monotonic() - begun > .9)
        client.close()
    client = Client(HASTY)
    client.send(frame(46, string('long'))[:30])
    same('a part of a later message', True, client.closed())
    client.close()
    client = Client(HASTY)
    handle = client.lookup('long')
    client.send(b''.join(frame(43, handle + word(0), serial=n) for n in range(100)))
    same('what nobody reads', True, until(lambda: len(connections(HASTY_PID)) == 1))
    client.close()
    same('who waits for nothing may wait', 0, quiet.call(52).status)
    quiet.close()
    vnetmgr('net-undefine', 'long')


def test_read_only():
    """Who looks on may say what they like of themselves."""
    vnetmgr_define('kept')
    for flags in (0, 1):
        client = Client(SOCK_RO, opened=False)
        client.call(1, optional('network:///system') + word(flags))
        for procedure, payload in CHANGES.items():
            message = refused(f'{procedure}, read-only', client.call(procedure, payload), 29, domain=19)
            same('in these words', True, str(message).startswith('operation forbidden: read only access prevents vir'))
        identity = string('unix-user-id') + word(4) + b'\0' * 8 + string('user-name') + word(7) + string('root')
        client.call(419, word(2) + identity + word(0))
        handle = client.lookup('kept')
        refused('as somebody else', client.call(49, handle), 29, domain=19)
        same('but may look', 0, client.call(43, handle + word(0)).status)
        client.close()
    client = Client(SOCK, opened=False)
    client.call(1, optional('network:///system') + word(1))
    refused('who asked for it', client.call(49, client.lookup('kept')), 29, domain=19)
    client.close()
    same('nothing changed', 'kept', vnetmgr('net-list', '--all', '--name').strip())
    vnetmgr('net-undefine', 'kept')


def test_memory():
    """Of a connection that only looks, of one that changes something, with its worker, and of the process for the next one."""
    client, pid = new_client()
    for _ in range(50):
        client.call(283, word(1) + word(0))
    looks = private_kib(pid)
    same('memory of a connection', True, looks <= 3072)
    for _ in range(10):
        same('define', 0, client.call(41, string(
            "<network><name>mem</name><uuid>5eedcafe-0000-4000-8000-0000000000ee</uuid><bridge name='vbmem'/></network>")).status)
        same('undefine', 0, client.call(49, client.lookup('mem')).status)
    same('its worker', 1, len(children(pid)))
    changes = private_kib(pid) + private_kib(children(pid)[0])
    same('memory of one that changes', True, changes <= 3072)
    client.close()
    same('one process waits', True, until(lambda: [name_of(pid) for pid in children(SERVER)] == ['vnetmgr-spare']))
    print(f'one connection: {looks} KiB, with changes {changes} KiB; waiting {private_kib(children(SERVER)[0])} KiB')


def test_features():
    client = Client(SOCK)
    for feature in (9, 10, 14, 15, 16):
        same(f'feature {feature}', word(1), client.call(60, word(feature)).payload)
    for feature in (0, 1, 2, 8, 11, 17, 99, -1):
        same(f'feature {feature}', word(0), client.call(60, word(feature)).payload)
    for procedure in (21, 25, 37, 51, 71, 72, 73, 74, 178, 179):
        answer = client.call(procedure, word(9))
        same(f'{procedure}: none', (0, word(0)), (answer.status, answer.payload))
    client.close()


def test_metadata():
    """As of libvirt 9.7: what Debian's clients do not know yet."""
    vnetmgr_define('meta')
    client, watching = Client(SOCK), Client(SOCK)
    handle = client.lookup('meta')
    same('events of metadata', 0, watching.call(313, word(1) + word(0)).status)
    for kind, text, key, uri in ((0, 'a description', None, None), (1, 'a title', None, None), (2, '<x/>', 'k', 'urn:x')):
        same(f'{kind}: nothing yet', 111, client.call(445, handle + word(kind) + optional(uri) + word(0)).code)
        new = handle + word(kind) + optional(text) + optional(key) + optional(uri) + word(2)
        same(f'{kind}: set', 0, client.call(444, new).status)
        event = watching.read()
        same(f'{kind}: event', (446, MESSAGE, word(0) + handle + word(kind) + optional(uri)),
             (event.procedure, event.kind, event.payload))
        same(f'{kind}: read', string(text), client.call(445, handle + word(kind) + optional(uri) + word(0)).payload)
    same('in the definition', True, '<title>a title</title>' in vnetmgr('net-dumpxml', 'meta'))
    same('none of another kind', 8, client.call(445, handle + word(3) + optional(None) + word(0)).code)
    same('an element without a namespace', 8, client.call(445, handle + word(2) + optional(None) + word(0)).code)
    same('a title of two lines', 1, client.call(444, handle + word(1) + optional('a\nb') + optional(None) * 2 + word(2)).status)
    client.close()
    watching.close()
    vnetmgr('net-undefine', 'meta')


for name, test in list(globals().items()):
    if name.startswith('test_'):
        begun = time.monotonic()
        test()
        print(f'{name}: {time.monotonic() - begun:.1f} s', flush=True)
print(f'{checks} checks, {failures} failures')
sys.exit(failures > 0)
