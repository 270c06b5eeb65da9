#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# python.py URI - networks by libvirt-python: every method that it has for them, events, four threads on one connection, a second
# client that watches. Prints what is wrong; the exit status says whether anything is.
import fcntl
import os
import subprocess
import sys
import threading
import time
import uuid as uuids

import libvirt

URI = sys.argv[1]
VNETMGR = os.environ['VNETMGR']
failures = checks = 0
called = {}


def same(what, expected, actual):
    global failures, checks
    checks += 1
    if expected != actual:
        failures += 1
        print(f'FAIL: {what}: {actual!r} instead of {expected!r}', flush=True)


def count_calls(cls, wanted=lambda name: name != 'c_pointer'):
    """Every method of a class records that it was called."""
    def counting(name, function):
        def call(*args, **kwargs):
            called[f'{cls.__name__}.{name}'] = True
            return function(*args, **kwargs)
        return call
    for name in [n for n in vars(cls) if not n.startswith('_') and wanted(n)]:
        called[f'{cls.__name__}.{name}'] = False
        setattr(cls, name, counting(name, getattr(cls, name)))


def fails(what, code, function, *args, domain=libvirt.VIR_FROM_NETWORK):
    """It is refused with this number, by the network driver; returns the message."""
    try:
        function(*args)
    except libvirt.libvirtError as error:
        same(f'{what}: code', code, error.get_error_code())
        same(f'{what}: domain', domain, error.get_error_domain())
        same(f'{what}: level', libvirt.VIR_ERR_ERROR, error.get_error_level())
        return error.get_error_message()
    same(what, 'refused', 'done')
    return ''


def until(what, expected, actual):
    """What is to be seen within a while."""
    end = time.monotonic() + 20
    while actual() != expected and time.monotonic() < end:
        time.sleep(.02)
    same(what, expected, actual())


def xml(name, number, more=''):
    return (f"<network><name>{name}</name><uuid>5eedcafe-0000-4000-8000-{number:012}</uuid>"
            f"<bridge name='vb{name}'/>{more}</network>")


ADDRESS = "<ip address='10.9.{0}.1' prefix='24'><dhcp><range start='10.9.{0}.2' end='10.9.{0}.99'/></dhcp></ip>"


def test_connection(conn):
    same('type', 'network', conn.getType())
    same('URI', URI, conn.getURI())
    same('secure', 1, conn.isSecure())
    same('version', True, conn.getLibVersion() >= 9000000)
    same('alive', 1, conn.isAlive())


def test_definitions(conn):
    net = conn.networkDefineXML(xml('a', 1, ADDRESS.format(1)))
    same('name', 'a', net.name())
    same('UUID', '5eedcafe-0000-4000-8000-000000000001', net.UUIDString())
    same('UUID in bytes', uuids.UUID(net.UUIDString()).bytes, net.UUID())
    same('its connection', conn, net.connect())
    same('defined, inactive', (0, 1), (net.isActive(), net.isPersistent()))
    same('by name', net.UUID(), conn.networkLookupByName('a').UUID())
    same('by UUID', 'a', conn.networkLookupByUUID(net.UUID()).name())
    same('by UUID as text', 'a', conn.networkLookupByUUIDString(net.UUIDString()).name())
    same('bridge', 'vba', net.bridgeName())
    same('definition', True, "<range start='10.9.1.2' end='10.9.1.99'/>" in net.XMLDesc(0))
    same('inactive definition', True, '<name>a</name>' in net.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE))
    same('autostart', 0, net.autostart())
    net.setAutostart(1)
    same('autostart set', 1, net.autostart())
    net.setAutostart(0)
    same('autostart unset', 0, net.autostart())
    same('defined again', 'a', conn.networkDefineXMLFlags(net.XMLDesc(0), libvirt.VIR_NETWORK_DEFINE_VALIDATE).name())
    fails('not well-formed', libvirt.VIR_ERR_XML_DETAIL, conn.networkDefineXML, '<network')
    fails('no name', libvirt.VIR_ERR_NO_NAME, conn.networkDefineXML, '<network/>')
    fails('name taken', libvirt.VIR_ERR_OPERATION_FAILED, conn.networkDefineXML, xml('a', 2))
    fails('UUID taken', libvirt.VIR_ERR_OPERATION_FAILED, conn.networkDefineXML, xml('b', 1))
    same('no such name', "Network not found: no network with matching name 'none'",
         fails('no such name', libvirt.VIR_ERR_NO_NETWORK, conn.networkLookupByName, 'none'))
    fails('no such UUID', libvirt.VIR_ERR_NO_NETWORK, conn.networkLookupByUUID, b'0' * 16)
    same('bad flags', 'unsupported flags (0x40) in function networkGetXMLDesc',
         fails('bad flags', libvirt.VIR_ERR_INVALID_ARG, net.XMLDesc, 0x40))


def test_lists(conn):
    def names(flags=0):
        return sorted(net.name() for net in conn.listAllNetworks(flags))
    a = conn.networkLookupByName('a')
    t = conn.networkCreateXML(xml('t', 3))
    same('created', (1, 0), (t.isActive(), t.isPersistent()))
    for flags, expected in {0: ['a', 't'], libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE: ['t'],
                            libvirt.VIR_CONNECT_LIST_NETWORKS_INACTIVE: ['a'],
                            libvirt.VIR_CONNECT_LIST_NETWORKS_PERSISTENT: ['a'],
                            libvirt.VIR_CONNECT_LIST_NETWORKS_TRANSIENT: ['t'],
                            libvirt.VIR_CONNECT_LIST_NETWORKS_AUTOSTART: [],
                            libvirt.VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART: ['a', 't']}.items():
        same(f'list {flags}', expected, names(flags))
    same('active', ['t'], conn.listNetworks())
    same('inactive', ['a'], conn.listDefinedNetworks())
    same('how many', (1, 1), (conn.numOfNetworks(), conn.numOfDefinedNetworks()))
    fails('no autostart for a transient one', libvirt.VIR_ERR_OPERATION_INVALID, t.setAutostart, 1)
    t.destroy()
    fails('a handle of what is gone', libvirt.VIR_ERR_NO_NETWORK, t.create)
    t = conn.networkCreateXMLFlags(xml('t', 3), libvirt.VIR_NETWORK_CREATE_VALIDATE)
    same('created again', True, t.isActive() == 1)
    t.destroy()
    same('inactive', 0, a.isActive())


def test_life(conn):
    net = conn.networkLookupByName('a')
    net.create()
    same('active', 1, net.isActive())
    fails('start an active one', libvirt.VIR_ERR_OPERATION_INVALID, net.create)
    both = libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE | libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG
    host = "<host mac='52:54:00:00:00:09' name='h' ip='10.9.1.9'/>"
    update = (libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1)
    net.update(*update, host, both)
    same('updated', (True, True), tuple("ip='10.9.1.9'" in net.XMLDesc(flags) for flags in (0, 1)))
    fails('once more', libvirt.VIR_ERR_OPERATION_INVALID, net.update, *update, host, both)
    fails('no such section', libvirt.VIR_ERR_OPERATION_UNSUPPORTED, net.update, 3, 99, -1, host, both)
    fails('another element', libvirt.VIR_ERR_XML_ERROR, net.update, *update, '<mac/>', both)
    net.update(libvirt.VIR_NETWORK_UPDATE_COMMAND_DELETE, *update[1:], host, both)
    same('and back', False, "ip='10.9.1.9'" in net.XMLDesc(0))
    same('no leases', [], net.DHCPLeases())
    with open(os.environ['LEASES'] + '/a', 'w') as leases:
        leases.write('2000000000 52:54:00:00:00:21 10.9.1.21 vm21 01:52:54:00:00:00:21\n'
                     '0 52:54:00:00:00:22 10.9.1.22 * *\n')
    same('leases', [dict(iface='vba', expirytime=2000000000, type=0, mac='52:54:00:00:00:21', iaid=None,
                         ipaddr='10.9.1.21', prefix=24, hostname='vm21', clientid='01:52:54:00:00:00:21'),
                    dict(iface='vba', expirytime=0, type=0, mac='52:54:00:00:00:22', iaid=None,
                         ipaddr='10.9.1.22', prefix=24, hostname=None, clientid=None)], net.DHCPLeases())
    same('of one client', ['10.9.1.22'], [lease['ipaddr'] for lease in net.DHCPLeases('52:54:00:00:00:22')])
    fails('no MAC address', libvirt.VIR_ERR_INVALID_MAC, net.DHCPLeases, 'zz')
    if hasattr(net, 'setMetadata'):
        net.setMetadata(libvirt.VIR_NETWORK_METADATA_TITLE, 'a title', None, None, both)
        same('title', 'a title', net.metadata(libvirt.VIR_NETWORK_METADATA_TITLE, None, 0))
        net.setMetadata(libvirt.VIR_NETWORK_METADATA_ELEMENT, '<x/>', 'k', 'urn:x', both)
        same('element', '<x/>', net.metadata(libvirt.VIR_NETWORK_METADATA_ELEMENT, 'urn:x', 0))
        fails('none', libvirt.VIR_ERR_NO_NETWORK_METADATA, net.metadata,
              libvirt.VIR_NETWORK_METADATA_ELEMENT, 'urn:y', 0)
    net.destroy()
    fails('destroy an inactive one', libvirt.VIR_ERR_OPERATION_INVALID, net.destroy)
    net.undefine()
    same('nothing is left', [], conn.listAllNetworks())


PORT = ("<networkport><uuid>7ae53baa-51de-11ea-8e5f-{:012}</uuid><owner><name>vm</name>"
        "<uuid>0f5c1b52-6a0e-4b4b-9a35-6c5b7a1f2e11</uuid></owner><mac address='52:54:00:00:77:01'/>{}</networkport>")


def test_ports(conn):
    net = conn.networkDefineXML(xml('p', 4, "<bandwidth><inbound average='1000'/></bandwidth>"))
    fails('ports of an inactive network', libvirt.VIR_ERR_OPERATION_INVALID, net.listAllPorts)
    net.create()
    same('no ports', [], net.listAllPorts())
    port = net.portCreateXML(PORT.format(1, ''))
    same('port UUID', '7ae53baa-51de-11ea-8e5f-000000000001', port.UUIDString())
    same('port UUID in bytes', uuids.UUID(port.UUIDString()).bytes, port.UUID())
    same('its network', ('p', conn), (port.network().name(), port.connect()))
    same('plug', True, "<plug type='network' bridge='vbp'/>" in port.XMLDesc())
    same('listed', [port.UUID()], [p.UUID() for p in net.listAllPorts()])
    same('found', port.UUID(), net.portLookupByUUID(port.UUID()).UUID())
    same('found by text', port.UUID(), net.portLookupByUUIDString(port.UUIDString()).UUID())
    fails('no such port', libvirt.VIR_ERR_NO_NETWORK_PORT, net.portLookupByUUID, b'0' * 16)
    fails('a port that exists', libvirt.VIR_ERR_NETWORK_PORT_EXIST, net.portCreateXML, PORT.format(1, ''))
    fails('plugged in already', libvirt.VIR_ERR_INVALID_ARG, net.portCreateXML,
          PORT.format(2, "<plug type='network' bridge='vbp'/>"))
    same('no rates', {}, port.parameters())
    port.delete()
    fails('deleted', libvirt.VIR_ERR_NO_NETWORK_PORT, port.delete)
    port = net.portCreateXML(PORT.format(3, "<bandwidth><inbound average='5' floor='600'/></bandwidth>"))
    same('rates', {'inbound.average': 5, 'inbound.peak': 0, 'inbound.floor': 600, 'inbound.burst': 0}, port.parameters())
    port.setParameters({'inbound.floor': 900, 'inbound.peak': 70})
    same('other rates', {'inbound.average': 5, 'inbound.peak': 70, 'inbound.floor': 900, 'inbound.burst': 0},
         port.parameters())
    fails('more than there is', libvirt.VIR_ERR_OPERATION_INVALID, port.setParameters, {'inbound.floor': 1001})
    same('as before', 900, port.parameters()['inbound.floor'])
    same('class', True, "<bandwidth classID='3'>" in port.XMLDesc())
    port.setParameters({'inbound.average': 0, 'inbound.peak': 0, 'inbound.floor': 0})
    same('none any more', {}, port.parameters())
    return net


def test_reclaim(conn):
    """The network is restarted while a guest has a port of it."""
    net = test_ports(conn)
    port = net.portCreateXML(PORT.format(5, "<bandwidth><inbound average='5' floor='100'/></bandwidth>"))
    before = port.XMLDesc()
    net.destroy()
    net.create()
    same('lost', [], net.listAllPorts())
    fails('it is lost', libvirt.VIR_ERR_NO_NETWORK_PORT, port.XMLDesc)
    again = net.portCreateXML(before, libvirt.VIR_NETWORK_PORT_CREATE_RECLAIM)
    same('reclaimed', before, again.XMLDesc())
    fails('once only', libvirt.VIR_ERR_NETWORK_PORT_EXIST, net.portCreateXML, before,
          libvirt.VIR_NETWORK_PORT_CREATE_RECLAIM)
    fails('plugged into something else', libvirt.VIR_ERR_XML_ERROR, net.portCreateXML,
          PORT.format(6, "<plug type='network' bridge='virbr9'/>"), libvirt.VIR_NETWORK_PORT_CREATE_RECLAIM)
    net.destroy()
    net.undefine()


WORDS = {libvirt.VIR_NETWORK_EVENT_DEFINED: 'defined', libvirt.VIR_NETWORK_EVENT_UNDEFINED: 'undefined',
         libvirt.VIR_NETWORK_EVENT_STARTED: 'started', libvirt.VIR_NETWORK_EVENT_STOPPED: 'stopped'}


def test_events(conn, watching):
    """All that happens is seen by a client that looks on, whoever causes it."""
    seen, of_e = [], []
    lifecycle = libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE

    def note(_, net, event, detail, to):
        to.append((net.name(), net.UUIDString()[-1], WORDS[event], detail))
    net = conn.networkDefineXML(xml('e', 5))
    every = watching.networkEventRegisterAny(None, lifecycle, note, seen)
    one = watching.networkEventRegisterAny(watching.networkLookupByName('e'), lifecycle, note, of_e)
    net.create()
    conn.networkCreateXML(xml('f', 6)).destroy()
    conn.networkDefineXML(xml('e', 5))
    net.undefine()
    net.destroy()
    subprocess.run([VNETMGR, '-q', 'net-define', '/dev/stdin'], input=xml('g', 7), text=True, check=True)
    subprocess.run([VNETMGR, '-q', 'net-undefine', 'g'], check=True)
    expected = [('e', '5', 'started', 0), ('f', '6', 'started', 0), ('f', '6', 'stopped', 0), ('e', '5', 'defined', 0),
                ('e', '5', 'undefined', 0), ('e', '5', 'stopped', 0), ('g', '7', 'defined', 0), ('g', '7', 'undefined', 0)]
    until('events', expected, lambda: list(seen))
    same('of one network', [event for event in expected if event[0] == 'e'], of_e)
    watching.networkEventDeregisterAny(every)
    net = conn.networkDefineXML(xml('e', 5))
    until('the other one goes on', ('e', '5', 'defined', 0), lambda: of_e[-1])
    watching.networkEventDeregisterAny(one)
    net.undefine()
    same('none after the last', len(expected), len(seen))


def test_threads(conn):
    """Four threads share a connection, and each gets its own answers."""
    def work(n):
        try:
            for i in range(5):
                net = conn.networkDefineXML(xml(f'w{n}', 10 + n))
                net.create()
                same(f'thread {n}: its name', f'w{n}', conn.networkLookupByUUID(net.UUID()).name())
                same(f'thread {n}: its bridge', f'vbw{n}', net.bridgeName())
                same(f'thread {n}: its definition', True, f'<name>w{n}</name>' in net.XMLDesc())
                net.destroy()
                net.undefine()
                done[n] = i + 1
        except libvirt.libvirtError as error:
            same(f'thread {n}', None, str(error))
    done = [0] * 4
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same('all threads', [5] * 4, done)


def test_others(conn):
    """A connection keeps what it has read, until somebody else has had the lock or the files are others."""
    root = os.environ['VNETMGR_ROOT']
    lock, config = root + '/run/vnetmgr/lock', root + '/etc/vnetmgr/networks'

    def command(*words):
        subprocess.run([VNETMGR, '-q', *words], check=True, stdout=subprocess.DEVNULL)

    def facts():
        return net.isActive(), net.isPersistent(), net.autostart()
    net = conn.networkDefineXML(xml('o', 9))
    same('defined', (0, 1, 0), facts())
    before = os.stat(lock).st_mtime_ns
    same('read again', [(0, 1, 0)] * 20, [facts() for _ in range(20)])
    for mtu in range(1400, 1420):
        net = conn.networkDefineXML(xml('o', 9, f"<mtu size='{mtu}'/>"))
        same('defined again', True, f"size='{mtu}'" in net.XMLDesc())
    same('what is open was kept', before, os.stat(lock).st_mtime_ns)
    with open('taken.xml', 'w') as file:
        file.write("<network><name>taken</name><bridge name='vbtoo'/></network>")
    command('net-define', 'taken.xml')
    fails('a bridge that a command has taken', libvirt.VIR_ERR_OPERATION_FAILED, conn.networkDefineXML, xml('too', 8))
    command('net-undefine', 'taken')
    with open(lock) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = threading.Thread(target=conn.networkDefineXML, args=(xml('o', 9),))
        waiting.start()
        waiting.join(0.3)
        same('a definition waits for who has the lock', True, waiting.is_alive())
    waiting.join()
    same('and is stored then', False, 'mtu' in net.XMLDesc())
    command('net-start', 'o')
    same('started by a command', (1, 1, 0), facts())
    command('net-autostart', 'o')
    same('autostarted by a command', (1, 1, 1), facts())
    command('net-autostart', 'o', '--disable')
    command('net-destroy', 'o')
    same('stopped by a command', (0, 1, 0), facts())
    os.rename(config, config + '.away')
    same('the directory was moved away', [], conn.listAllNetworks())
    os.rename(config + '.away', config)
    same('the directory is back', ['o'], [net.name() for net in conn.listAllNetworks()])
    os.unlink(lock)
    same('the lock was removed', (0, 1, 0), facts())
    same('there is one again', True, os.path.exists(lock))
    command('net-undefine', 'o')
    fails('undefined by a command', libvirt.VIR_ERR_NO_NETWORK, net.isActive)


def main():
    libvirt.registerErrorHandler(lambda *_: None, None)
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=lambda: [libvirt.virEventRunDefaultImpl() for _ in iter(int, 1)], daemon=True).start()
    count_calls(libvirt.virNetwork)
    count_calls(libvirt.virNetworkPort)
    count_calls(libvirt.virConnect, lambda name: 'etwork' in name)
    conn, watching = libvirt.open(URI), libvirt.open(URI)
    watching.setKeepAlive(1, 3)
    test_connection(conn)
    test_definitions(conn)
    test_lists(conn)
    test_life(conn)
    test_reclaim(conn)
    test_events(conn, watching)
    test_threads(conn)
    test_others(conn)
    same('nothing is left', [], conn.listAllNetworks())
    watching.close()
    conn.close()
    same('methods that were not called', [], sorted(name for name, was in called.items() if not was))
    print(f'{checks} checks, {failures} failures')
    return failures > 0


sys.exit(main())
