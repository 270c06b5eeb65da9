#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# rpc.py SERVER-PID LIBVIRTD-PID SOCKET RUNS - virsh and libvirt-python with libvirtd, and with vnetmgr-rpc, in turns: medians.
# Each command of virsh is measured twice: in a virsh of its own, whose start is in its time, and in one that stays. The first, uri, asks
# for no more than the name of the connection: what virsh takes for itself.
import re
import statistics
import subprocess
import sys
import time

SERVER, LIBVIRTD, SOCKET, RUNS = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
SIDES = {'libvirtd': ('qemu:///system', 100), 'vnetmgr-rpc': (f'network:///system?socket={SOCKET}', 101)}
CALLS = 1000


def definition(number):
    return (f"<network><name>net</name><uuid>5599d7e3-f78d-4f9b-abc2-000000000{number}</uuid><forward/>"
            f"<bridge name='tbr{number}'/><ip address='10.{number}.0.1' prefix='24'><dhcp>"
            f"<range start='10.{number}.0.2' end='10.{number}.0.99'/></dhcp></ip></network>")


def commands(number, run):
    host = f"<host mac='52:54:00:bb:00:{run:02x}' ip='10.{number}.0.{100 + run}'/>"
    return [('uri',), ('net-define', f'/run/bench{number}.xml'), ('net-start', 'net'), ('net-list', '--all'), ('net-info', 'net'),
            ('net-update', 'net', 'add', 'ip-dhcp-host', host, '--live'), ('net-destroy', 'net')]


class Session:
    """A virsh that stays; an error of one of its commands ends the measurement."""
    def __init__(self, uri):
        self.virsh = subprocess.Popen(['virsh', '-q', '-c', uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)

    def run(self, words):
        quoted = ' '.join(f'"{word}"' for word in words)
        self.virsh.stdin.write(f"{quoted}; echo %'%'end\n\n")  # it may repeat its input
        self.virsh.stdin.flush()
        for line in self.virsh.stdout:
            if line.startswith('error:'):
                sys.exit(f'{" ".join(words)}: {line}')
            if '%%end' in line:
                return
        sys.exit(f'{" ".join(words)}: virsh has ended')


def measure(make_run):
    """make_run(URI): what runs a command there. Each command of one side comes next to that of the other, now before and now behind it: what
    the one leaves to the kernel to clean up is in the time of both."""
    runs = {side: make_run(uri) for side, (uri, _) in SIDES.items()}
    times = {}
    for run in range(RUNS):
        for pair in zip(*(commands(number, run) for _, number in SIDES.values())):
            turns = list(zip(SIDES, pair))
            for side, command in turns if run % 2 else reversed(turns):
                begun = time.perf_counter()
                runs[side](command)
                times.setdefault(command[0], {}).setdefault(side, []).append(time.perf_counter() - begun)
    return times


def run_alone(uri):
    return lambda words: subprocess.run(['virsh', '-q', '-c', uri, *words], check=True, stdout=subprocess.DEVNULL)


def measure_calls():
    import libvirt
    times = {}
    for _ in range(RUNS):
        for side, (uri, _) in SIDES.items():
            conn = libvirt.open(uri)
            net = conn.networkLookupByName('net')
            begun = time.perf_counter()
            for _ in range(CALLS):
                net.isActive()
            times.setdefault(f'{CALLS} calls', {}).setdefault(side, []).append(time.perf_counter() - begun)
            conn.close()
    return times


def show(title, times):
    print(f'{title:<32}{"libvirtd":>12}{"vnetmgr-rpc":>14}{"ratio":>10}')
    for what, sides in times.items():
        old, new = (statistics.median(sides[side]) * 1000 for side in SIDES)
        print(f'{what:<32}{old:>12.1f}{new:>14.1f}{"1/%.1f" % (old / new) if old >= new else "%.2f" % (new / old):>10}')


def pss(pid):
    with open(f'/proc/{pid}/smaps_rollup') as file:
        return int(re.search(r'^Pss: +(\d+)', file.read(), re.M)[1])


def memory():
    """Of libvirtd, and of the process that serves one connection."""
    client = subprocess.Popen(['virsh', '-q', '-c', SIDES['vnetmgr-rpc'][0]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    client.stdin.write(b'net-list --all\n')
    client.stdin.flush()
    client.stdout.readline()
    connections = subprocess.run(['pgrep', '-x', '-P', str(SERVER), 'vnetmgr-rpc'], capture_output=True, text=True).stdout.split()
    print(f'memory, KiB: libvirtd {pss(LIBVIRTD)}; vnetmgr-rpc {pss(SERVER)}, each connection {pss(connections[0])}, '
          'and nothing without clients')
    client.stdin.close()
    client.wait()


def main():
    for number in (100, 101):
        with open(f'/run/bench{number}.xml', 'w') as file:
            file.write(definition(number))
    print(f'milliseconds, median of {RUNS}')
    show('each command in a virsh', measure(run_alone))
    show('all in one virsh', measure(lambda uri: Session(uri).run))
    try:
        show('libvirt-python', measure_calls())
    except ImportError:
        print('left out: calls by libvirt-python, which is not installed (python3-libvirt)')
    memory()


main()
