/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of others are quoted as "iptables -S" lists them: the commands of both kinds of tables add rules, and what is printed
 * of the entries that are read back is compared with what the commands list.
 */
#include "netns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sys/firewall/fw_table_impl.h"
#include "sys/firewall/fwentry_text.h"
#include "sys/handles.h"
#include "sys/sys.h"
#include "util/buf.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/fwentry_text";

#define LIST "/run/list" /* in a file system of the test's own */

/** struct kind - a kind of tables, of one family. */
static const struct kind {
	const char *tool;
	int family;
	const struct vnm_fw_table_impl *impl;
} kinds[] = {
	{ "iptables-legacy", AF_INET, &vnm_fw_tables_legacy },
	{ "ip6tables-legacy", AF_INET6, &vnm_fw_tables_legacy },
	{ "iptables-nft", AF_INET, &vnm_fw_tables_nft },
	{ "ip6tables-nft", AF_INET6, &vnm_fw_tables_nft },
};

static int run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf command = { 0 };
	pid_t child;
	int status;
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&command, fmt, ap);
	va_end(ap);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", command.data, (char *)NULL);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The lock of the iptables commands is the host's; here is one of our own. */
const char *vnm_test_cannot_run(void)
{
	const char *reason = netns_enter();

	if (reason)
		return reason;
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0)
		return "no /run of its own to be had";
	for (size_t i = 0; i < VNM_ARRAY_SIZE(kinds); i++)
		if (run("%s -t nat -S >/dev/null 2>&1", kinds[i].tool) != 0)
			return "a kind of iptables is not installed, or has no tables";
	return NULL;
}

/* The lines of the chain that are rules, as the command lists them. */
static FILE *list(const struct kind *kind, const char *table, const char *chain)
{
	(void)run("%s -t %s -S %s 2>/dev/null | grep '^-A' >" LIST, kind->tool, table, chain);
	return fopen(LIST, "re");
}

static void expect_entries(const struct kind *kind, enum vnm_fw_table table, const char *chain,
			   struct vnm_sys *sys)
{
	struct vnm_fw_handle handle = { kind->impl, kind->family, table, NULL };
	vnm_autofree const void **entries = NULL;
	FILE *lines = list(kind, vnm_enum_name(&vnm_enum_fw_table, (int)table), chain);
	char line[1024];
	size_t n = 0;

	CU_ASSERT_FATAL(handle.impl->read(sys, &handle) == 0 && lines);
	n = handle.impl->list(&handle, chain, &entries);
	for (size_t i = 0; i < n; i++) {
		vnm_autobuf struct vnm_buf text = { 0 };

		vnm_buf_printf(&text, "-A %s ", chain);
		vnm_fwentry_text(kind->family, entries[i],
				 handle.impl->target_of(&handle, entries[i]), &text);
		CU_ASSERT_FATAL(fgets(line, sizeof(line), lines) != NULL);
		line[strcspn(line, "\n")] = '\0';
		VNM_ASSERT_STR_EQ(vnm_buf_str(&text), line);
	}
	CU_ASSERT(n > 0 && !fgets(line, sizeof(line), lines));
	fclose(lines);
	handle.impl->close(&handle);
}

/** struct rule - what a command takes. @only: 4 or 6: of that family */
struct rule {
	enum vnm_fw_table table;
	const char *chain;
	int only;
	const char *text;
};

static const struct rule rules[] = {
	{ VNM_FW_FILTER, "INPUT", 0, "-i br-n -p udp --dport 53 -j REJECT" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-p tcp --sport 1024:65535 ! --dport 22 -j REJECT --reject-with tcp-reset" },
	{ VNM_FW_FILTER, "INPUT", 0, "-p tcp --tcp-flags SYN,ACK,RST SYN --dport 80:90 -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-p tcp ! --syn -m conntrack --ctstate NEW -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m conntrack --ctstatus ASSURED --ctdir REPLY --ctproto 6 -j ACCEPT" },
	{ VNM_FW_FILTER, "INPUT", 0, "-m state --state INVALID,UNTRACKED -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-p tcp -m multiport --dports 22,80:90,443 -j ACCEPT" },
	{ VNM_FW_FILTER, "INPUT", 0, "-p udp -m multiport ! --ports 53,67:68 -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m addrtype ! --src-type LOCAL --dst-type LOCAL,BROADCAST -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-m addrtype --dst-type MULTICAST --limit-iface-in -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-m mark --mark 0x10/0xff -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-m mark ! --mark 7 -m connmark --mark 1/3 -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m limit --limit 5/min --limit-burst 9 -j LOG --log-prefix 'in: ' --log-uid" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m limit --limit 3/hour -j NFLOG --nflog-group 3 --nflog-prefix x" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m comment --comment 'it is \"mine\"' -m comment --comment plain -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m mac --mac-source 52:54:00:0a:bc:de -m pkttype --pkt-type broadcast -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0,
	  "-m length --length 40:1500 -m statistic --mode random --probability 0.25 -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 0, "-i 'eth+' -p esp -j ACCEPT" },
	{ VNM_FW_FILTER, "INPUT", 0, "! -i eth0 ! -p tcp -j NFQUEUE --queue-num 3 --queue-bypass" },
	{ VNM_FW_FILTER, "INPUT", 4, "-s 10.0.0.0/8 ! -d 192.0.2.7 -j RETURN" },
	{ VNM_FW_FILTER, "INPUT", 6, "-s fd00::/8 ! -d 2001:db8::7 -j RETURN" },
	{ VNM_FW_FILTER, "INPUT", 4, "-p icmp --icmp-type 3/4 -j ACCEPT" },
	{ VNM_FW_FILTER, "INPUT", 4, "-p icmp --icmp-type echo-request -j DROP" },
	{ VNM_FW_FILTER, "INPUT", 6,
	  "-p icmpv6 --icmpv6-type 128 -j REJECT --reject-with icmp6-adm-prohibited" },
	{ VNM_FW_FILTER, "INPUT", 4,
	  "-m iprange --src-range 10.0.0.1-10.0.0.9 -j REJECT --reject-with icmp-net-prohibited" },
	{ VNM_FW_FILTER, "INPUT", 6, "-m iprange ! --dst-range fd00::1-fd00::9 -j DROP" },
	{ VNM_FW_FILTER, "FORWARD", 0,
	  "-m physdev --physdev-in vnet0 --physdev-is-bridged -j ACCEPT" },
	{ VNM_FW_FILTER, "FORWARD", 0,
	  "-m devgroup --src-group 0x10 ! --dst-group 0x20/0xf0 -j DROP" },
	{ VNM_FW_FILTER, "FORWARD", 0, "-i br-n -o br-n -g elsewhere" },
	{ VNM_FW_FILTER, "OUTPUT", 0, "-m owner --uid-owner 7 ! --gid-owner 1-9 -j DROP" },
	{ VNM_FW_MANGLE, "PREROUTING", 0, "-j MARK --set-mark 4" },
	{ VNM_FW_MANGLE, "PREROUTING", 0,
	  "-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff" },
	{ VNM_FW_MANGLE, "PREROUTING", 0, "-j CONNMARK --set-xmark 1/2" },
	{ VNM_FW_MANGLE, "POSTROUTING", 0,
	  "-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu" },
	{ VNM_FW_MANGLE, "POSTROUTING", 0, "-p udp --dport 68 -j CHECKSUM --checksum-fill" },
	{ VNM_FW_RAW, "PREROUTING", 0, "-p udp --dport 69 -j CT --helper tftp" },
	{ VNM_FW_RAW, "PREROUTING", 0, "-m rpfilter --loose --invert -j CT --notrack" },
	{ VNM_FW_NAT, "PREROUTING", 4,
	  "-p tcp --dport 80 -j DNAT --to-destination 192.0.2.1-192.0.2.3:8080-8090 --persistent" },
	{ VNM_FW_NAT, "PREROUTING", 6,
	  "-p tcp --dport 80 -j DNAT --to-destination [fd00::1]:8080" },
	{ VNM_FW_NAT, "PREROUTING", 0, "-p tcp --dport 81 -j REDIRECT --to-ports 8081" },
	{ VNM_FW_NAT, "POSTROUTING", 4,
	  "-s 192.0.2.0/24 -j SNAT --to-source 198.51.100.1 --random-fully" },
	{ VNM_FW_NAT, "POSTROUTING", 6,
	  "-s fd00::/64 -p udp -j SNAT --to-source [2001:db8::1]:1024-2048" },
	{ VNM_FW_NAT, "POSTROUTING", 0, "-p tcp -j MASQUERADE --to-ports 1024-65535 --random" },
	{ VNM_FW_NAT, "POSTROUTING", 0, "-j MASQUERADE" },
};

static bool is_of(const struct kind *kind, const struct rule *rule)
{
	return !rule->only || (rule->only == 6) == (kind->family == AF_INET6);
}

/* Some kernels lack some of them. */
static size_t add_rules(const struct kind *kind)
{
	size_t n = 0, all = 0;

	(void)run("%s -N elsewhere 2>/dev/null", kind->tool);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(rules); i++) {
		if (!is_of(kind, &rules[i]))
			continue;
		all++;
		n += run("%s -t %s -A %s %s 2>/dev/null", kind->tool,
			 vnm_enum_name(&vnm_enum_fw_table, (int)rules[i].table), rules[i].chain,
			 rules[i].text) == 0;
	}
	if (n < all)
		fprintf(stderr, "%s: %zu of %zu rules can be added here\n", kind->tool, n, all);
	return n;
}

static void test_as_listed(void)
{
	for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++) {
		struct vnm_sys sys;

		CU_ASSERT(add_rules(&kinds[k]) > VNM_ARRAY_SIZE(rules) / 2);
		vnm_sys_init(&sys, -1);
		for (size_t i = 0; i < VNM_ARRAY_SIZE(rules); i++)
			if (i == 0 || strcmp(rules[i].chain, rules[i - 1].chain) != 0 ||
			    rules[i].table != rules[i - 1].table)
				expect_entries(&kinds[k], rules[i].table, rules[i].chain, &sys);
		vnm_sys_clear(&sys);
	}
}

/* The name of a set is the kernel's to tell. */
static void test_sets(void)
{
	struct vnm_sys sys;

	if (run("ipset create bad hash:ip && ipset create worse hash:ip,port") != 0)
		return;
	for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++) {
		if (kinds[k].family != AF_INET)
			continue;
		(void)run("%s -F FORWARD", kinds[k].tool);
		CU_ASSERT(run("%s -A FORWARD -m set --match-set bad src -j DROP", kinds[k].tool) ==
			  0);
		CU_ASSERT(run("%s -A FORWARD -m set ! --match-set worse dst,src "
			      "-j SET --add-set bad dst",
			      kinds[k].tool) == 0);
		vnm_sys_init(&sys, -1);
		expect_entries(&kinds[k], VNM_FW_FILTER, "FORWARD", &sys);
		vnm_sys_clear(&sys);
	}
}

/* What is not known is seen to be missing. */
static void test_unknown(void)
{
	for (size_t k = 0; k < VNM_ARRAY_SIZE(kinds); k++) {
		struct vnm_fw_handle handle = { kinds[k].impl, kinds[k].family, VNM_FW_FILTER,
						NULL };
		vnm_autofree const void **entries = NULL;
		vnm_autobuf struct vnm_buf text = { 0 };
		struct vnm_sys sys;

		(void)run("%s -F FORWARD", kinds[k].tool);
		if (run("%s -A FORWARD -p tcp -m hashlimit --hashlimit-above 5/sec "
			"--hashlimit-name x "
			"--dport 80 -j DROP 2>/dev/null",
			kinds[k].tool) != 0)
			continue;
		vnm_sys_init(&sys, -1);
		CU_ASSERT_FATAL(handle.impl->read(&sys, &handle) == 0);
		CU_ASSERT_FATAL(handle.impl->list(&handle, "FORWARD", &entries) == 1);
		vnm_fwentry_text(kinds[k].family, entries[0], "DROP", &text);
		VNM_ASSERT_STR_EQ(vnm_buf_str(&text),
				  "-p tcp -m hashlimit ... -m tcp --dport 80 -j DROP");
		handle.impl->close(&handle);
		vnm_sys_clear(&sys);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "as the commands list them", test_as_listed },
	{ "sets", test_sets },
	{ "unknown options", test_unknown },
	{ 0 },
};
