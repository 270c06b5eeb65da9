#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# kills.py SERVER SOCKET CALLS [SEED] - a client makes calls, while the server's processes are killed at random moments: that which
# accepts, that which serves the client, that which makes the change. What is answered is true, what is not answered is done or not,
# and whatever was killed, the next call finds networks that can be used.
import os
import random
import subprocess
import sys
import threading
import time

from wire import Client, net, string, until, word

RPC, SOCK, CALLS = sys.argv[1], sys.argv[2], int(sys.argv[3])
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
VNETMGR = os.environ['VNETMGR']
rng = random.Random(SEED)
NAMES = ('k1', 'k2', 'k3')
killed = {'server': 0, 'connection': 0, 'worker': 0}
calls = answered = failed = unanswered = 0
server = None


def uuid(name):
    return bytes.fromhex('5eedcafe0000400080000000000000' + '0' + name[1])


def xml(name):
    address = "<ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip>"
    return (f"<network><name>{name}</name><uuid>5eedcafe-0000-4000-8000-00000000000{name[1]}</uuid>"
            f"<bridge name='vb{name}'/>{address if name == 'k1' else ''}</network>")


def children(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def start_server():
    global server
    server = subprocess.Popen([RPC, '--socket', SOCK, '--timeout', '0'], stderr=subprocess.DEVNULL)
    if not until(lambda: connect() is not None or server.poll() is not None, 60):
        wrong('a server does not start')


def connect():
    try:
        return Client(SOCK)
    except OSError:
        return None


def kill_some(stop, at_work):
    """Now and then a process, a moment after a call has been made."""
    find = {'server': lambda: [server.pid], 'connection': lambda: children(server.pid),
            'worker': lambda: [worker for connection in children(server.pid) for worker in children(connection)]}
    while not stop.wait(rng.random() * .1):
        kind = rng.choice(['worker'] * 10 + ['connection'] * 5 + ['server'])
        at_work.wait(1)
        time.sleep(rng.random() * .03)
        for pid in find[kind]():
            try:
                os.kill(pid, 9)
                killed[kind] += 1
            except ProcessLookupError:
                pass


def wrong(what):
    print(f'FAIL: {what} (seed {SEED}, call {calls})', flush=True)
    sys.exit(1)


def listed(*options):
    return subprocess.run([VNETMGR, '-q', 'net-list', '--name', *options], capture_output=True, text=True,
                          check=True).stdout.split()


def state():
    """Of each network: None, or whether it is active; by the command line, which no one kills."""
    active, everyone = listed(), listed('--all')
    return {name: name in active if name in everyone else None for name in NAMES}


# What a call does, where it may be made: its number, and the state after it.
MOVES = {None: [(41, False), (40, True)], False: [(39, True), (41, False), (49, None)],
         True: [(42, False), (291, True), (41, True)]}


def arguments(procedure, name):
    if procedure in (40, 41):
        return string(xml(name))
    if procedure == 291:
        host = f"<host ip='10.88.{calls // 250}.{calls % 250 + 1}'><hostname>h{calls}</hostname></host>"
        return net(name, uuid(name)) + word(3) + word(10) + word(-1) + string(host) + word(1)
    return net(name, uuid(name))


def main():
    global calls, answered, failed, unanswered
    start_server()
    stop, at_work = threading.Event(), threading.Event()
    killer = threading.Thread(target=kill_some, args=(stop, at_work), daemon=True)
    killer.start()
    client, now, persistent = None, state(), {}
    while calls < CALLS:
        if server.poll() is not None:
            # The connection goes on without its server, but then nobody finds its processes to kill them.
            start_server()
            client = client and client.close()
        client = client or connect()
        if not client:
            continue
        name = rng.choice(NAMES)
        procedure, after = rng.choice(MOVES[now[name]])
        if procedure == 42 and not persistent.get(name):
            after = None
        calls += 1
        at_work.set()
        try:
            answer = client.call(procedure, arguments(procedure, name))
        except OSError:
            answer = None
        at_work.clear()
        new = state()
        expected = {**now, name: after}
        if answer and answer.status == 0:
            answered += 1
            if new != expected:
                wrong(f'{procedure} of {name} was answered: done; but {new} instead of {expected}')
        elif answer:
            failed += 1
            if 'ended before it was done' not in answer.message:
                wrong(f'{procedure} of {name}: {answer.message}')
        else:
            # A worker outlives its connection: what it does is done soon.
            unanswered += 1
            client = None
            until(lambda: not subprocess.run(['pgrep', '-x', 'vnetmgr-rpc'], capture_output=True, text=True).stdout.split()
                  or settled(), 30)
            new = state()
        if new not in (now, expected):
            wrong(f'{procedure} of {name}: {new} after {now}, and neither that nor {expected}')
        if procedure in (40, 41) and new[name] is not None:
            persistent[name] = name in listed('--all', '--persistent')
        now = new
    stop.set()
    killer.join()
    if server.poll() is None:
        server.kill()
    server.wait()
    start_server()
    finish(connect())
    server.terminate()
    server.wait()
    print(f'{calls} calls: {answered} done, {failed} failed with their worker, {unanswered} without an answer; '
          f'killed: {killed}; seed {SEED}')


def settled():
    """No worker of a connection that is gone is at work: an orphan of the server's name that is no connection."""
    busy = []
    for pid in subprocess.run(['pgrep', '-x', 'vnetmgr-rpc'], capture_output=True, text=True).stdout.split():
        try:
            with open(f'/proc/{pid}/stat') as file:
                fields = file.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(pid) != server.pid and int(fields[1]) != server.pid and fields[0] != 'Z':
            busy.append(pid)
    return not busy


def finish(client):
    """All can be stopped and undefined, by a server that nobody kills."""
    for name, active in state().items():
        handle = net(name, uuid(name))
        if active and client.call(42, handle).status != 0:
            wrong(f'{name} cannot be stopped')
        if name in listed('--all') and client.call(49, handle).status != 0:
            wrong(f'{name} cannot be undefined')
    if listed('--all'):
        wrong('something is left')


main()
