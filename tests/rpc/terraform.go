// SPDX-License-Identifier: GPL-2.0-or-later

// terraform SOCKET - the calls that Terraform's provider for libvirt makes by go-libvirt to create a network, to look at it again,
// to change it, and to destroy it.
package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"
)

const uuid = "5eedcafe-0000-4000-8000-0000000000f0"

var id = libvirt.UUID{0x5e, 0xed, 0xca, 0xfe, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xf0}

func definition(more string) string {
	return "<network><name>tf</name><uuid>" + uuid + "</uuid><bridge name='vbtf'/>" +
		"<ip address='10.66.0.1' prefix='24'>" + more + "</ip></network>"
}

func must(what string, err error) {
	if err != nil {
		fmt.Printf("FAIL: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func same(what string, expected, actual interface{}) {
	if expected != actual {
		must(what, fmt.Errorf("%v instead of %v", actual, expected))
	}
}

func create(l *libvirt.Libvirt) libvirt.Network {
	n, err := l.NetworkDefineXML(definition(""))
	must("define", err)
	same("UUID", id, n.UUID)
	must("autostart", l.NetworkSetAutostart(n, 1))
	must("start", l.NetworkCreate(n))
	return n
}

func read(l *libvirt.Libvirt, active int32) {
	n, err := l.NetworkLookupByUUID(id)
	must("look up", err)
	same("name", "tf", n.Name)
	is, err := l.NetworkIsActive(n)
	must("is it active", err)
	same("active", active, is)
	text, err := l.NetworkGetXMLDesc(n, 0)
	must("definition", err)
	same("bridge", true, strings.Contains(text, "<bridge name='vbtf'"))
	marked, err := l.NetworkGetAutostart(n)
	must("autostart", err)
	same("autostart", int32(1), marked)
}

func change(l *libvirt.Libvirt, n libvirt.Network) {
	host := "<host mac='52:54:00:00:00:31' ip='10.66.0.31'/>"
	must("update", l.NetworkUpdate(n, uint32(libvirt.NetworkUpdateCommandAddLast),
		uint32(libvirt.NetworkSectionIPDhcpHost), -1, host,
		libvirt.NetworkUpdateAffectLive|libvirt.NetworkUpdateAffectConfig))
	text, err := l.NetworkGetXMLDesc(n, 0)
	must("definition", err)
	same("reservation", true, strings.Contains(text, "ip='10.66.0.31'"))
}

func destroy(l *libvirt.Libvirt, n libvirt.Network) {
	must("destroy", l.NetworkDestroy(n))
	must("undefine", l.NetworkUndefine(n))
	_, err := l.NetworkLookupByUUID(id)
	answer, known := err.(libvirt.Error)
	same("gone", true, known && answer.Code == uint32(libvirt.ErrNoNetwork))
}

func main() {
	c, err := net.DialTimeout("unix", os.Args[1], 2*time.Second)
	must("connect", err)
	l := libvirt.New(c)
	must("open", l.ConnectToURI(libvirt.ConnectURI("qemu:///system")))
	version, err := l.ConnectGetLibVersion()
	must("version", err)
	same("version", true, version >= 9000000)
	n := create(l)
	read(l, 1)
	change(l, n)
	time.Sleep(7 * time.Second) // it does not know keepalive, and must not be hung up on
	read(l, 1)
	destroy(l, n)
	must("disconnect", l.Disconnect())
	fmt.Println("all done")
}
