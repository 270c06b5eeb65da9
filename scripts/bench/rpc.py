#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# rpc.py SERVER-PID LIBVIRTD-PID SOCKET RUNS - virsh and libvirt-python with libvirtd, and with vnetmgr-rpc, in turns: medians.
# The times of virsh contain its own start.
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
    return [('net-define', f'/run/bench{number}.xml'), ('net-start', 'net'), ('net-list', '--all'), ('net-info', 'net'),
            ('net-update', 'net', 'add', 'ip-dhcp-host', host, '--live'), ('net-destroy', 'net')]


def measure():
    times = {}
    for number in (100, 101):
        with open(f'/run/bench{number}.xml', 'w') as file:
            file.write(definition(number))
    for run in range(RUNS):
        for side, (uri, number) in SIDES.items():
            for command in commands(number, run):
                begun = time.perf_counter()
                subprocess.run(['virsh', '-q', '-c', uri, *command], check=True, stdout=subprocess.DEVNULL)
                times.setdefault(command[0], {}).setdefault(side, []).append(time.perf_counter() - begun)
    return times


def measure_calls(times):
    import libvirt
    for _ in range(3):
        for side, (uri, _) in SIDES.items():
            conn = libvirt.open(uri)
            net = conn.networkLookupByName('net')
            begun = time.perf_counter()
            for _ in range(CALLS):
                net.isActive()
            times.setdefault(f'{CALLS} calls', {}).setdefault(side, []).append(time.perf_counter() - begun)
            conn.close()


def pss(pid):
    with open(f'/proc/{pid}/smaps_rollup') as file:
        return int(re.search(r'^Pss: +(\d+)', file.read(), re.M)[1])


def memory():
    """Of libvirtd, and of the process that serves one connection."""
    client = subprocess.Popen(['virsh', '-q', '-c', SIDES['vnetmgr-rpc'][0]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    client.stdin.write(b'net-list --all\n')
    client.stdin.flush()
    client.stdout.readline()
    with open(f'/proc/{SERVER}/task/{SERVER}/children') as file:
        connections = file.read().split()
    print(f'memory, KiB: libvirtd {pss(LIBVIRTD)}; vnetmgr-rpc {pss(SERVER)}, each connection {pss(connections[0])}, '
          'and nothing without clients')
    client.stdin.close()
    client.wait()


def main():
    times = measure()
    try:
        measure_calls(times)
    except ImportError:
        print('left out: calls by libvirt-python, which is not installed (python3-libvirt)')
    print(f'{"milliseconds, median of " + str(RUNS):<26}{"libvirtd":>12}{"vnetmgr-rpc":>14}{"ratio":>10}')
    for what, sides in times.items():
        old, new = (statistics.median(sides[side]) * 1000 for side in SIDES)
        print(f'{what:<26}{old:>12.1f}{new:>14.1f}{"1/%.1f" % (old / new) if old >= new else "%.2f" % (new / old):>10}')
    memory()


main()
