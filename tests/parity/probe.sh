# SPDX-License-Identifier: GPL-2.0-or-later
# probe.sh - what guests of a network get: packets, leases, answers, advertisements; sourced in a world.
#
# Each probe prints lines "what: result". They run side by side, so that waiting for what never comes costs once.

# What is there for all cases: a host service, a second uplink, other0, with a machine behind it, and four namespaces for guests,
# whose addresses can be used at once.
probe_world() {
	ip netns add elsewhere
	ip link add other0 type veth peer name eth0 netns elsewhere
	ip addr add 192.0.2.1/24 dev other0; ip addr add 2001:db8:2::1/64 dev other0 nodad
	ip link set other0 up
	ip -n elsewhere addr add 192.0.2.10/24 dev eth0; ip -n elsewhere addr add 2001:db8:2::10/64 dev eth0 nodad
	ip -n elsewhere link set lo up; ip -n elsewhere link set eth0 up
	ip -n elsewhere route add default via 192.0.2.1; ip -n elsewhere -6 route add default via 2001:db8:2::1
	busybox httpd -p '[::]:2222' -h /run/netns
	# Bridges of the host, for networks that use one.
	ip link add br9 type bridge; ip link add ovs0 type bridge
	for n in 1 2 3 4; do
		ip netns add g$n; ip -n g$n link set lo up
		inns g$n sh -c 'cd /proc/sys/net/ipv6/conf; echo 0 >all/accept_dad; echo 0 >default/accept_dad; echo 0 >default/accept_ra'
	done
	for n in 1 2; do inns g$n busybox httpd -p '[::]:8080' -h /run/netns; done
	from_port=700	# a port of its own for each case: what was translated lately is remembered
}

result() { "$@" >/dev/null 2>&1 && echo yes || echo no; }
say() { what=$1; shift; echo "$what: $(result "$@")"; }
source_of() { answer=$(web "$1" "$2" 2>/dev/null) && echo "${answer##* }" || echo none; }

# machines BRIDGE [MAC]: the guests get devices, the last one with that address; part: they are without again
machines() {
	for n in 1 2 3 4; do
		mac_of_guest=52:54:00:aa:00:0$n; [ $n != 4 ] || mac_of_guest=${2:-$mac_of_guest}
		echo "link add name g$n type veth peer name eth0 address $mac_of_guest netns g$n"
		echo "link set dev g$n master $1 up"
	done | ip -batch -
	for n in 1 2 3 4; do ip -n g$n link set eth0 up; done
	for n in 1 2 3 4; do forwarding g$n; done
}
part() { printf 'link del dev g%s\n' 1 2 3 4 | ip -batch -; }
# The bridge passes on what guests send when its port is ready; without STP at once.
forwarding() { until read -r state <"/sys/class/net/$1/brport/state" && [ "$state" = 3 ]; do sleep .02; done; }

# The bridge's addresses can be used when the kernel has found them unique.
settled() { while ip -6 -o addr show dev "$1" | grep -q tentative; do usleep_a_little; done; }

# neighbour ADDRESS N: another address of the subnet
neighbour() { case $1 in *:*) echo "${1%:*}:$2" ;; *) echo "${1%.*}.$2" ;; esac; }

# matrix LABEL GATEWAY: who reaches whom. g1 and g2 have addresses already.
matrix() {
	gateway=$2 a=$(neighbour "$2" 10) b=$(neighbour "$2" 11)
	case $gateway in
	*:*) label="$1 IPv6" server=$SERVER6 web_server=[$SERVER6] resolver=2001:db8:113::1 other=2001:db8:2::10 web_gateway=[$gateway] ;;
	*) label="$1 IPv4" server=$SERVER web_server=$SERVER resolver=203.0.113.1 other=192.0.2.10 web_gateway=$gateway ;;
	esac
	(
		say "$label guest to host, echo" reaches1 g1 "$gateway" &
		say "$label guest to host, TCP" connects1 g1 "$gateway" 2222 &
		say "$label guest to host, DNS over UDP" asks g1 "$gateway" localhost &
		say "$label guest to host, DNS over TCP" asks g1 "$gateway" localhost +tcp &
		say "$label guest to guest, echo" reaches1 g1 "$b" &
		say "$label guest to guest, TCP" connects1 g1 "$b" 8080 &
		say "$label host to guest, echo" ping -n -c 1 -W 1 "$a" &
		say "$label host to guest, TCP" nc -z -w 1 "$a" 8080 &
		say "$label guest to outside, echo" reaches1 g1 "$server" &
		echo "$label guest to outside, seen as: $(source_of g1 "$web_server")" &
		say "$label guest to outside, DNS" asks g1 "$resolver" example.com &
		say "$label outside to guest, echo" reaches1 internet "$a" &
		say "$label outside to guest, TCP" connects1 internet "$a" 8080 &
		say "$label outside to the host's inner address, TCP" connects1 internet "$gateway" 2222 &
		say "$label guest to the other way out, echo" reaches1 g1 "$other" &
		say "$label the other way in, echo" reaches1 elsewhere "$a" &
		say "$label guest with a foreign address to outside" foreign g1 "$server" &
		wait
	)
}
reaches1() { inns "$1" ping -n -c 1 -W 1 "$2"; }
connects1() { inns "$1" nc -z -w 1 "$2" "$3"; }
asks() { guest=$1 at=$2; shift 2; inns "$guest" dig +time=1 +tries=1 +short "$@" @"$at" | grep -q '^[0-9a-f]'; }
# Packets that claim to come from where the network is not; the answer would come back to outside's own dummy.
foreign() {
	case $2 in *:*) from=2001:db8:99::5/128 tables=ip6tables-legacy ;; *) from=198.18.99.5/32 tables=iptables-legacy ;; esac
	# Deprecated: nobody else shall prefer it.
	ip -n "$1" addr add "$from" dev eth0 preferred_lft 0 nodad 2>/dev/null ||
		ip -n "$1" addr add "$from" dev eth0 preferred_lft 0
	outside $tables -I INPUT -s "$from"
	inns "$1" ping -n -c 1 -W 1 -I "${from%/*}" "$2"
	outside $tables -nvxL INPUT 1 | awk '{ exit !($1 > 0) }'; passed=$?
	outside $tables -D INPUT 1
	return $passed
}

# each_gateway BRIDGE COMMAND...: with the first address of each family, after the guests got theirs and outside a route back.
each_gateway() {
	ip -o addr show dev "$1" scope global | awk '!seen[$3]++ { print $4 }' >"$T/gateways"
	shift
	while read -r gateway; do
		length=${gateway#*/} gateway=${gateway%/*}
		for n in 0 1; do static "g$((n + 1))" "$(neighbour "$gateway" 1$n)/$length" "$gateway"; done 2>/dev/null
		case $gateway in
		*:*) ip -n internet -6 route replace "$(neighbour "$gateway" 0)/$length" via "$UPLINK6" ;;
		*) ip -n internet route replace "$(neighbour "$gateway" 10)/32" via "$UPLINK" ;;
		esac
		"$@"
		case $gateway in
		*:*) ip -n internet -6 route del "$(neighbour "$gateway" 0)/$length" via "$UPLINK6" ;;
		*) ip -n internet route del "$(neighbour "$gateway" 10)/32" via "$UPLINK" ;;
		esac
	done <"$T/gateways" | sort
}

policies() { for tables in iptables-legacy ip6tables-legacy; do $tables -P INPUT "$1"; $tables -P FORWARD "$1"; done; }
# Without it the host does not even find its neighbours; that is nobody's business but its own.
neighbours() {
	for type in solicitation advertisement; do
		ip6tables-legacy "$1" INPUT -p icmpv6 --icmpv6-type "neighbour-$type" -j ACCEPT
	done
}

# probe_open BRIDGE; probe_dropping BRIDGE PORTS: with the policies open, and on a host that drops what nobody allows.
probe_open() { each_gateway "$1" eval 'matrix open "$gateway"'; }
probe_dropping() {
	policies DROP; neighbours -A
	each_gateway "$1" eval 'matrix dropping "$gateway"'
	neighbours -D; policies ACCEPT
	[ -z "$2" ] || each_gateway "$1" eval "source_port \"\$gateway\" $2"
}

# probe_between BRIDGE OTHER-BRIDGE: what the guests of two networks can do to each other.
probe_between() {
	ip link set g2 master "$2"; forwarding g2; settled "$2"
	for family in 4 6; do
		here=$(first_address "$1" $family) there=$(first_address "$2" $family)
		[ -n "$here" ] && [ -n "$there" ] || continue
		static g1 "$(neighbour "$here" 10)/$([ $family = 4 ] && echo 24 || echo 64)" "$here" 2>/dev/null
		static g2 "$(neighbour "$there" 11)/$([ $family = 4 ] && echo 24 || echo 64)" "$there" 2>/dev/null
		# Who takes in what needs no answer is asked, too: packets that come in one way.
		(
			say "IPv$family here to there, echo" reaches1 g1 "$(neighbour "$there" 11)" &
			say "IPv$family there to here, echo" reaches1 g2 "$(neighbour "$here" 10)" &
			say "IPv$family here to there, one way" one_way g1 g2 "$(neighbour "$there" 11)" 4001 &
			say "IPv$family there to here, one way" one_way g2 g1 "$(neighbour "$here" 10)" 4002 &
			say "IPv$family here to the host's address there, TCP" connects1 g1 "$there" 2222 &
			say "IPv$family here to the names there" asks g1 "$there" localhost &
			wait
		) | sort
	done
}
first_address() { ip -$2 -o addr show dev "$1" scope global | awk '{ sub("/.*", "", $4); print $4; exit }'; }
# one_way FROM TO ADDRESS PORT: does a datagram arrive, whatever becomes of the answer?
one_way() {
	case $3 in *:*) tables=ip6tables-legacy ;; *) tables=iptables-legacy ;; esac
	inns "$2" $tables -A INPUT -p udp --dport "$4"
	echo x | inns "$1" nc -u -w 1 "$3" "$4"
	inns "$2" $tables -nvxL INPUT | awk -v port="dpt:$4" 'index($0, port) { n = $1 } END { exit !(n > 0) }'; arrived=$?
	inns "$2" $tables -D INPUT -p udp --dport "$4"
	return $arrived
}

# source_port GATEWAY FIRST-LAST: is what a guest sends from a low port translated into this range?
source_port() {
	case $1 in *:*) server=2001:db8:113::1 ;; *) server=203.0.113.1 ;; esac
	for protocol in '' -u; do
		ip netns exec internet timeout 10 nc $protocol -nvl "$server" 7777 >"$T/port" 2>&1 &
		listener=$!
		until inns internet ss -Hlntu 'sport = :7777' | grep -q . || ! kill -0 $listener 2>/dev/null; do sleep .02; done
		echo hello | inns g1 nc $protocol -N -w 1 -p $from_port "$server" 7777 >/dev/null 2>&1 &
		until grep -q received "$T/port" || ! kill -0 $listener 2>/dev/null; do usleep_a_little; done
		kill $listener 2>/dev/null; wait $listener $! 2>/dev/null
		awk -v range="$2" -v what="$server source port ${protocol:--t}" 'BEGIN { split(range, r, "-") }
			/received on/ { port = $NF; print what ": " (port >= r[1] && port <= r[2] ? "in " range : port) }' "$T/port"
	done
}

# probe_dhcp GUEST: everything the server sends, but not the server's processing time.
probe_dhcp() {
	cat >"$T/$1.script" <<-'X'
	[ "$1" = bound ] || exit 0
	set | grep -E '^[a-z][a-z0-9_]*=' | grep -vE '^(interface|srcdir|side|checks|failures|dir|libvirtd)=' >"$DHCP_OUT"
	X
	printf '#!/bin/sh\n%s\n' "$(cat "$T/$1.script")" >"$T/$1.script"; chmod +x "$T/$1.script"
	options='-O subnet -O router -O dns -O hostname -O domain -O mtu -O broadcast -O lease -O serverid -O tftp -O bootfile
		-O search -O staticroutes -O ntpsrv -O wpad -O 0x06 -O 0x77 -O 0xfc'
	env -i PATH="$PATH" DHCP_OUT="$T/$1.out" ip netns exec "$1" \
		busybox udhcpc -i eth0 -n -q -f -t 15 -T 1 $options -s "$T/$1.script" >"$T/$1.log" 2>&1
	[ -s "$T/$1.out" ] || { echo "$1 no lease"; cat "$T/$1.log"; }
	[ ! -s "$T/$1.out" ] || sort "$T/$1.out" | sed "s/^/$1 /"
	rm -f "$T/$1.out"
}

# probe_dhcp6 GUEST DUID: address and options by DHCPv6, or only options when there are no addresses.
probe_dhcp6() {
	printf 'interface "eth0" { send dhcp6.client-id %s;\n%s\n' "$2" \
		'request dhcp6.name-servers, dhcp6.domain-search, dhcp6.fqdn, dhcp6.info-refresh-time, dhcp6.sntp-servers; }' >"$T/$1.conf6"
	cat >"$T/$1.script6" <<-'X'
	#!/bin/sh
	case $reason in
	PREINIT6) ;;
	BOUND6) set | grep -E '^new_(ip6_|dhcp6_|max_life|preferred_life|life_starts)' | grep -vE 'life_starts|client_id|server_id' >>"$DHCP_OUT" ;;
	esac
	exit 0
	X
	chmod +x "$T/$1.script6"; : >"$T/$1.out6"; : >"$T/$1.leases6"
	ip netns exec "$1" timeout 8 dhclient -6 -1 -d -v -e DHCP_OUT="$T/$1.out6" -cf "$T/$1.conf6" \
		-sf "$T/$1.script6" -lf "$T/$1.leases6" -pf "$T/$1.pid6" eth0 >"$T/$1.log6" 2>&1 &
	client=$!
	until [ -s "$T/$1.out6" ] || ! kill -0 $client 2>/dev/null; do usleep_a_little; done
	kill $client 2>/dev/null; wait $client 2>/dev/null
	[ -s "$T/$1.out6" ] || echo "$1 no DHCPv6 lease"
	sort "$T/$1.out6" | sed "s/^/$1 /"
}
usleep_a_little() { busybox usleep 20000; }

# probe_ra GUEST: a router advertisement in words, and what the kernel makes of it.
probe_ra() {
	inns "$1" sysctl -q net.ipv6.conf.eth0.accept_ra=2
	inns "$1" rdisc6 -1 -r 3 -w 1500 eth0 >"$T/ra" 2>/dev/null
	sed -n '/^Soliciting/d; /^ from /d; /Source link-layer/d; s/ : fe80:.*/ : fe80/; s/^ *//; s/ \{2,\}/ /g; /./p' "$T/ra"
	end=$(($(date +%s) + 2))
	until ip -n "$1" -6 route show proto ra | grep -q . || [ "$(date +%s)" -ge "$end" ]; do usleep_a_little; done
	ip -n "$1" -6 route show proto ra | sed 's/expires [0-9]*sec/expires/; s/via fe80[^ ]*/via fe80/; s/^/route /'
	ip -n "$1" -6 -o addr show dev eth0 scope global dynamic | sed 's/^[0-9]*: [^ ]* *//; s/\\.*//; s/^/address /'
}

# probe_dns SERVER QUESTIONS: status, flags and answers of each question "NAME TYPE" of the file.
probe_dns() {
	set -- "$1" $(cat "$2")
	server=$1; shift
	inns g1 dig @"$server" +time=2 +tries=2 +nostats +noadditional +noauthority +nocmd +nocookie "$@" |
		sed -n 's/^;; ->>HEADER<<-.*status: \([A-Z]*\).*/status \1/p; t; s/^;; flags: \([a-z ]*\);.*/flags \1/p; t
			s/^;\([^; ].*IN.*\)/question \1/p; t; /^[^;]/p; /timed out\|no servers/p' | tr -s '\t ' ' '
}

# probe_tftp FILE SERVER
probe_tftp() { say "TFTP $1" inns g1 timeout 3 busybox tftp -g -l "$T/got" -r "$1" "$2"; }
