#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fallback.sh - a kernel without what a firewall back end needs: its start says what is missing, and the host gets the next one.
. "$srcdir/world.sh"
need nft iptables-nft
uplink
define keennet hostonly ipv6
mkdir -p /etc/modprobe.d
# without "MODULE..." [LOADED...]: from now on those cannot be loaded, others can; those that are loaded are removed first
without() {
	hidden=$1; shift
	! loaded nf_tables || nft flush ruleset	# which would load it
	for m in $hidden; do echo "install $m /bin/false"; done >/etc/modprobe.d/hidden.conf
	for m; do ! loaded "$m" || await modprobe -r "$m"; done	# the kernel lets go of rules when it has time
	for m in $hidden; do no "$m is not there" loaded "$m"; done
}

# Nothing has been loaded yet. The tables of frames need nf_tables: variants.sh leaves that out.
without 'ip_tables ip6_tables'
use_firewall legacy
refused keennet "legacy IPv4 table 'filter' \(module ip_tables, .*load it: modprobe ip_tables"
ln -s iptables-legacy /usr/sbin/iptables
taken iptables-nft "the host's iptables is iptables-legacy, but this kernel lacks its tables" ip_tables
rm /usr/sbin/iptables

without nft_compat nft_compat
use_firewall iptables-nft
for n in keennet ipv6; do refused $n 'lacks nft_compat \(module nft_compat, CONFIG_NFT_COMPAT\), .*load it: modprobe nft_compat'; done
taken nftables 'this kernel lacks nft_compat \(CONFIG_NFT_COMPAT\)' nft_compat

# What only some rules need does not change the choice.
without xt_devgroup xt_devgroup
use_firewall iptables-nft
vnm net-start keennet >out 2>&1 || { cat out; failures=$((failures + 1)); }
has 'reported' "warning: this kernel lacks the match 'devgroup' \(module xt_devgroup, .*modprobe xt_devgroup" "$(cat out)"
has 'whole' '^ keennet +active ' "$(vnm net-list)"
nat_works; leave g; ok 'stop' vnm -q net-destroy keennet

without nft_chain_nat nft_masq nft_nat nft_redir nft_chain_nat
use_firewall iptables-nft
up hostonly; ok 'stop' vnm -q net-destroy hostonly
no 'start' vnm -q net-start keennet
has 'why' 'lacks NAT in nf_tables \(module nft_chain_nat, CONFIG_NFT_NAT\); load it: modprobe nft_chain_nat' "$(cat "$T/out")"
use_firewall nftables
no 'start' vnm -q net-start keennet
has 'why' 'lacks a part of nf_tables \(.*NFT_NAT' "$(cat "$T/out")"
finish
