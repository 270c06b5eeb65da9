/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dnsmasq_conf.c - dnsmasq's files have what was meant, and nothing that a value of a definition smuggles in.
 *
 * Whole files: tests/data. Here: hostile values, limits, and that dnsmasq itself takes what is written.
 */
#include "runner.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "input.h"
#include "plan/dnsmasq/dnsmasq_conf.h"
#include "plan/dnsmasq/dnsmasq_line.h"
#include "plan/dnsmasq/dnsmasq_names.h"
#include "util/file.h"
#include "util/mem.h"

#define ROUNDS 2000
#define DNSMASQ "/usr/sbin/dnsmasq"

const char vnm_suite[] = "dnsmasq_conf";

static char dnsmasq_dir[] = "/run/vnetmgr/dnsmasq/n", lease_file[] = "/var/lib/vnetmgr/leases/n";
static char user[] = "nobody", group[] = "nogroup";
static const struct vnm_facts facts = { .dnsmasq_user = user, .dnsmasq_group = group };
static const struct vnm_dnsmasq_paths places = { dnsmasq_dir, lease_file };

/** struct world - a definition that uses every option; the strings are to be exchanged. */
struct world {
	struct vnm_ip ips[2];
	struct vnm_dhcp_range ranges[3];
	struct vnm_dhcp_host hosts[2], hosts6[2];
	struct vnm_forwarder forwarder;
	struct vnm_txt txt;
	struct vnm_srv srv;
	struct vnm_hostname hostnames[2];
	struct vnm_dns_host dns_host;
	struct vnm_network net;
};

/* The strings that a definition can put into the files. */
enum field {
	F_BRIDGE,
	F_DOMAIN,
	F_FORWARDER,
	F_TXT_NAME,
	F_TXT_VALUE,
	F_SERVICE,
	F_PROTOCOL,
	F_SRV_DOMAIN,
	F_TARGET,
	F_HOSTNAME,
	F_HOST_NAME,
	F_DUID,
	F_HOST6_NAME,
	F_TFTP,
	F_BOOTP,
	F_COUNT
};

static const char *const harmless[F_COUNT] = {
	[F_BRIDGE] = "vbr",
	[F_DOMAIN] = "lab.test",
	[F_FORWARDER] = "example.com",
	[F_TXT_NAME] = "rec",
	[F_TXT_VALUE] = "some text, with = and / and#within#",
	[F_SERVICE] = "ldap",
	[F_PROTOCOL] = "tcp",
	[F_SRV_DOMAIN] = "lab.test",
	[F_TARGET] = "srv.lab.test",
	[F_HOSTNAME] = "gw",
	[F_HOST_NAME] = "vm1",
	[F_DUID] = "00:01:02:03:04",
	[F_HOST6_NAME] = "vm2",
	[F_TFTP] = "/srv/tftp",
	[F_BOOTP] = "http://192.0.2.1/boot.ipxe?a=b",
};

static struct vnm_addr addr(const char *text)
{
	struct vnm_addr a = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(text, &a), 0);
	return a;
}

static void make_ips(struct world *w, const char *const *s)
{
	const struct vnm_at at = { true, 5 };

	w->hosts[0] = (struct vnm_dhcp_host){ .at = at, .name = (char *)s[F_HOST_NAME],
					      .ip = addr("192.0.2.5") };
	vnm_mac_parse("52:54:00:00:00:05", &w->hosts[0].mac);
	w->hosts[1] = (struct vnm_dhcp_host){ .at = at, .name = (char *)s[F_HOST_NAME],
					      .ip = addr("192.0.2.200") };
	w->hosts6[0] = (struct vnm_dhcp_host){ .at = at, .id = (char *)s[F_DUID],
					       .ip = addr("fd00:1::5") };
	w->hosts6[1] = (struct vnm_dhcp_host){ .at = at, .name = (char *)s[F_HOST6_NAME],
					       .ip = addr("fd00:1::6") };
	w->ranges[0] = (struct vnm_dhcp_range){ .at = at, .start = addr("192.0.2.2"),
						.end = addr("192.0.2.99") };
	w->ranges[1] = (struct vnm_dhcp_range){ .at = at, .start = addr("fd00:1::10"),
						.end = addr("fd00:1::1f") };
	w->ips[0] = (struct vnm_ip){ .at = at, .address = addr("192.0.2.1"), .prefix = { true, 24 },
				     .local_ptr = VNM_TRI_YES };
	w->ips[0].tftp = (struct vnm_tftp){ at, (char *)s[F_TFTP] };
	w->ips[0].dhcp = (struct vnm_dhcp){ .at = at, .ranges = w->ranges, .n_ranges = 1,
					    .hosts = w->hosts, .n_hosts = 2 };
	w->ips[0].dhcp.bootp = (struct vnm_bootp){ at, (char *)s[F_BOOTP], addr("192.0.2.9") };
	w->ips[1] = (struct vnm_ip){ .at = at, .address = addr("fd00:1::1"), .prefix = { true, 64 },
				     .local_ptr = VNM_TRI_YES };
	w->ips[1].dhcp = (struct vnm_dhcp){ .at = at, .ranges = w->ranges + 1, .n_ranges = 1,
					    .hosts = w->hosts6, .n_hosts = 2 };
	w->net.ips = w->ips;
	w->net.n_ips = 2;
}

static void make_dns(struct world *w, const char *const *s)
{
	const struct vnm_at at = { true, 6 };
	struct vnm_dns *dns = &w->net.dns;

	w->forwarder = (struct vnm_forwarder){ at, (char *)s[F_FORWARDER], addr("198.51.100.53") };
	w->txt = (struct vnm_txt){ at, (char *)s[F_TXT_NAME], (char *)s[F_TXT_VALUE] };
	w->srv = (struct vnm_srv){ .at = at,
				   .service = (char *)s[F_SERVICE],
				   .protocol = (char *)s[F_PROTOCOL],
				   .domain = (char *)s[F_SRV_DOMAIN],
				   .target = (char *)s[F_TARGET],
				   .weight = { true, 7 } };
	w->hostnames[0] = w->hostnames[1] = (struct vnm_hostname){ at, (char *)s[F_HOSTNAME] };
	w->dns_host = (struct vnm_dns_host){ at, addr("192.0.2.1"), w->hostnames, 2 };
	*dns = (struct vnm_dns){ .at = at,
				 .forward_plain_names = VNM_TRI_NO,
				 .forwarders = &w->forwarder,
				 .n_forwarders = 1,
				 .txts = &w->txt,
				 .n_txts = 1,
				 .srvs = &w->srv,
				 .n_srvs = 1,
				 .hosts = &w->dns_host,
				 .n_hosts = 1 };
}

/* @s: F_COUNT strings, which must outlive the world. */
static void make(struct world *w, const char *const *s)
{
	static char name[] = "n", file[] = "n.xml";

	memset(w, 0, sizeof(*w));
	w->net.name = name;
	w->net.file = file;
	w->net.bridge = (struct vnm_bridge){ .at = { true, 2 }, .name = (char *)s[F_BRIDGE] };
	w->net.domain = (struct vnm_domain){ { true, 3 }, (char *)s[F_DOMAIN], VNM_TRI_YES };
	w->net.mtu = (struct vnm_mtu){ { true, 4 }, { true, 1400 } };
	make_ips(w, s);
	make_dns(w, s);
}

/* What dnsmasq makes of a file: fgets() with its buffer, independent of the code under test. */
static char *options_of(const char *text)
{
	FILE *in = fmemopen((void *)text, strlen(text) + 1, "r");
	struct vnm_buf out = { 0 };
	char line[1025];

	while (fgets(line, sizeof(line), in)) {
		char *s = line + strspn(line, " \t");

		if (*s && *s != '#' && *s != '\n')
			vnm_buf_printf(&out, "%.*s\n", (int)strcspn(s, " =\n"), s);
	}
	fclose(in);
	return vnm_buf_steal(&out);
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static int render(const char *const *strings, struct vnm_dnsmasq_files *ret, struct vnm_error *err)
{
	struct world w;

	make(&w, strings);
	return vnm_dnsmasq_files(INPUT(&w.net, &facts, &places), ret, err);
}

static void test_harmless(void)
{
	static const char should[] =
		"strict-order\nserver\nlocal\ndomain\nexpand-hosts\nlocal\nlocal\n"
		"domain-needed\nlocal\nbogus-nxdomain\nbogus-nxdomain\nbogus-nxdomain\n"
		"bogus-nxdomain\nno-ident\npid-file\nuser\ngroup\nexcept-interface\nbind-dynamic\n"
		"interface\ndhcp-option\nno-resolv\nra-param\ntxt-record\nsrv-host\n"
		"enable-tftp\ntftp-root\ndhcp-range\ndhcp-no-override\ndhcp-authoritative\n"
		"dhcp-boot\ndhcp-range\ndhcp-lease-max\ndhcp-leasefile\ndhcp-hostsfile\n"
		"dhcp-name-match\ndhcp-name-match\ndhcp-name-match\ndhcp-name-match\n"
		"dhcp-name-match\ndhcp-name-match\ndhcp-ignore-names\n"
		"addn-hosts\ndhcp-option\nenable-ra\n";
	struct vnm_dnsmasq_files files = { 0 };
	struct vnm_error err = { 0 };
	vnm_autofree char *options = NULL;

	VNM_ASSERT_OK_FATAL(render(harmless, &files, &err), err);
	options = options_of(files.conf);
	VNM_ASSERT_STR_EQ(options, should);
	VNM_ASSERT_STR_EQ(files.hosts, "52:54:00:00:00:05,192.0.2.5,vm1\nvm1,192.0.2.200\n"
				       "id:00:01:02:03:04,[fd00:1::5]\nvm2,[fd00:1::6]\n");
	VNM_ASSERT_STR_EQ(files.addnhosts, "192.0.2.1\tgw\tgw\n192.0.2.5\tvm1\n192.0.2.200\tvm1\n"
					   "fd00:1::6\tvm2\n");
	/* It has an IPv4 address, and somebody could take it with an IPv6 one; the others are known by their names. */
	CU_ASSERT_PTR_NOT_NULL(strstr(files.conf, "\ndhcp-name-match=set:vnm-no-name,gw\n"
						  "dhcp-name-match=set:vnm-no-name,gw.*\n"
						  "dhcp-ignore-names="));
	CU_ASSERT_PTR_NOT_NULL(strstr(files.conf, "\nlocal=/2.0.192.in-addr.arpa/\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(files.conf, "\nlocal=/0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa/\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(files.conf, "\nsrv-host=_ldap._tcp.lab.test,srv.lab.test,1,0,7\n"));
	/* a /24, and a /64 for which a limit stands that is none */
	CU_ASSERT_PTR_NOT_NULL(strstr(files.conf, "\ndhcp-lease-max=1048832\n"));
	vnm_dnsmasq_files_clear(&files);
}

static void check_refused(enum field field, const char *value)
{
	const char *strings[F_COUNT];
	struct vnm_dnsmasq_files files = { 0 };
	struct vnm_error err = { 0 };

	memcpy(strings, harmless, sizeof(strings));
	strings[field] = value;
	if (render(strings, &files, &err) == 0) {
		VNM_ASSERT_STR_EQ(value, "refused");
		VNM_ASSERT_INT_EQ(field, -1);
	}
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_MEANING);
	VNM_ASSERT_INT_EQ(strncmp(err.msg, "n.xml:", 6), 0);
	CU_ASSERT_PTR_NULL(files.conf);
	vnm_dnsmasq_files_clear(&files);
}

/* Measured elsewhere: a newline in <domain name> made dnsmasq open a file of the attacker's choice. */
static void test_injection_by_newline(void)
{
	for (int field = 0; field < F_COUNT; field++) {
		check_refused((enum field)field, "lab\nlog-facility=/run/pwned");
		check_refused((enum field)field, "lab\r\nlog-facility=/run/pwned");
		check_refused((enum field)field, "/lab\n");
	}
}

/* Measured elsewhere: what stands behind byte 1024 of a line is an option, and dhcp-script is run by root. */
static void test_injection_behind_byte_1024(void)
{
	static const char head[] = "txt-record=rec,", script[] = "dhcp-script=/tmp/evil";
	vnm_autobuf struct vnm_buf line = { 0 }, found = { 0 };
	char value[2048];
	size_t pad = 1024 - strlen(head);

	memset(value, 'x', pad);
	snprintf(value + pad, sizeof(value) - pad, "%s", script);
	/* That it is an attack at all: dnsmasq's reading, and ours of our own files, find the option. */
	vnm_buf_printf(&line, "%s%s\n", head, value);
	vnm_dm_read_back(vnm_buf_str(&line), VNM_DM_CONF, &found);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&found), "txt-record\ndhcp-script\n");
	check_refused(F_TXT_VALUE, value);
	check_refused(F_BOOTP, value);
	check_refused(F_TFTP, value);
}

static void test_line_limit(void)
{
	const char *strings[F_COUNT];
	char value[2048] = { 0 };
	struct vnm_dnsmasq_files files = { 0 };
	struct vnm_error err = { 0 };

	memcpy(strings, harmless, sizeof(strings));
	strings[F_TXT_VALUE] = value;
	memset(value, 'x', VNM_DNSMASQ_LINE_MAX - strlen("txt-record=rec,"));
	VNM_ASSERT_OK_FATAL(render(strings, &files, &err), err);
	vnm_dnsmasq_files_clear(&files);
	value[strlen(value)] = 'x';
	check_refused(F_TXT_VALUE, value);
}

static void test_comments_and_quotes(void)
{
	check_refused(F_TXT_VALUE, "#all that follows");
	check_refused(F_TXT_VALUE, "a #all that follows");
	check_refused(F_TXT_VALUE, "a\"b");
	check_refused(F_TXT_VALUE, "\"a\"b\"");
	check_refused(F_TXT_VALUE, "\"a\"\"b\"");
	check_refused(F_TXT_VALUE, "\"a\\\"");
	check_refused(F_TXT_VALUE, "\"a\nb\"");
	check_refused(F_TXT_VALUE, "\"a\"#b");
	check_refused(F_TXT_VALUE, "a \"b\"#c");
	check_refused(F_TXT_VALUE, "\"a\" ");
	check_refused(F_TXT_VALUE, "a\\b");
	check_refused(F_TXT_VALUE, " a");
	check_refused(F_TXT_VALUE, "a ");
	check_refused(F_TXT_NAME, "a,b");
	check_refused(F_TXT_NAME, "a b");
	check_refused(F_TFTP, "relative");
	check_refused(F_TFTP, "/a,eth0");
	check_refused(F_BOOTP, "a,b");
	check_refused(F_DOMAIN, "a/b");
	check_refused(F_FORWARDER, "a/b");
	check_refused(F_HOST_NAME, "a,b");
	check_refused(F_HOSTNAME, "a b");
	check_refused(F_DUID, "00:01,ignore");
	check_refused(F_SERVICE, "a.b");
}

static uint64_t rng_state = 0x853c49e6748fea9bu;

static uint32_t rnd(uint32_t below)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return (uint32_t)(rng_state >> 32) % below;
}

static void hostile(char *to, size_t size)
{
	static const char *const bits[] = {
		"\n",
		"\r",
		"\"",
		"\\",
		"#",
		" #",
		",",
		"/",
		"=",
		" ",
		"\t",
		"\x7f",
		"\x1b[2J",
		"\xc3\xa9",
		"\xe2\x80\xae",
		"\xff",
		"dhcp-script=/x",
		"conf-file=/x",
		"a",
		"0",
		":",
		".",
		"-",
		"_",
		"/a",
	};
	size_t len = 0, many = rnd(8), pad = rnd(4) ? 0 : 990 + rnd(60);

	memset(to, 'x', pad);
	to[pad] = '\0';
	for (size_t i = 0; i < many; i++) {
		len = strlen(to);
		snprintf(to + len, size - len, "%s", bits[rnd(VNM_ARRAY_SIZE(bits))]);
	}
}

/* How many of these there are depends on names: there are none for those with a domain in them. */
static void drop_name_matches(char *options)
{
	static const char line[] = "dhcp-name-match\n";
	char *at;

	while ((at = strstr(options, line)))
		memmove(at, at + strlen(line), strlen(at + strlen(line)) + 1);
}

/* For each field: a hostile value is refused, or the files hold the options and entries of the harmless one. */
static void test_hostile(void)
{
	struct vnm_dnsmasq_files base = { 0 };
	vnm_autofree char *meant = NULL;
	unsigned refused = 0, taken = 0;

	VNM_ASSERT_INT_EQ_FATAL(render(harmless, &base, NULL), 0);
	meant = options_of(base.conf);
	drop_name_matches(meant);
	for (int i = 0; i < ROUNDS * F_COUNT; i++) {
		const char *strings[F_COUNT];
		struct vnm_dnsmasq_files files = { 0 };
		vnm_autofree char *options = NULL;
		char value[2048];

		hostile(value, sizeof(value));
		memcpy(strings, harmless, sizeof(strings));
		strings[i % F_COUNT] = value;
		if (render(strings, &files, NULL) < 0) {
			refused++;
			continue;
		}
		taken++;
		options = options_of(files.conf);
		drop_name_matches(options);
		VNM_ASSERT_STR_EQ(options, meant);
		VNM_ASSERT_INT_EQ(lines_of(files.hosts), lines_of(base.hosts));
		VNM_ASSERT_INT_EQ(lines_of(files.addnhosts), lines_of(base.addnhosts));
		vnm_dnsmasq_files_clear(&files);
	}
	CU_ASSERT_TRUE(refused > 1000);
	CU_ASSERT_TRUE(taken > 1000);
	vnm_dnsmasq_files_clear(&base);
}

/* Many names of one address: more lines, all names, none too long. */
static void test_many_hostnames(void)
{
	struct vnm_hostname names[100];
	struct vnm_dnsmasq_files files = { 0 };
	struct vnm_error err = { 0 };
	char text[100][64];
	size_t tabs = 0;
	struct world w;

	make(&w, harmless);
	for (int i = 0; i < 100; i++) {
		snprintf(text[i], sizeof(text[i]), "a-rather-long-name-of-a-host-%d.lab.test", i);
		names[i] = (struct vnm_hostname){ { true, 1 }, text[i] };
	}
	w.dns_host.names = names;
	w.dns_host.n_names = 100;
	VNM_ASSERT_OK_FATAL(vnm_dnsmasq_files(INPUT(&w.net, &facts, &places), &files, &err), err);
	CU_ASSERT_TRUE(lines_of(files.addnhosts) > 3);
	for (const char *s = files.addnhosts; *s; s++)
		tabs += *s == '\t';
	VNM_ASSERT_INT_EQ(tabs, 100 + 3); /* and three reservations */
	for (const char *s = files.addnhosts; *s; s += strcspn(s, "\n") + 1) {
		CU_ASSERT_TRUE(!strncmp(s, "192.0.2.1\t", 10) || strstr(s, "\tvm") <= s + 12);
		CU_ASSERT_TRUE(strcspn(s, "\n") <= VNM_DNSMASQ_LINE_MAX);
	}
	vnm_dnsmasq_files_clear(&files);
}

static void test_leases(void)
{
	static const struct {
		uint32_t n;
		enum vnm_lease_unit unit;
		const char *should;
	} cases[] = {
		{ 120, VNM_UNIT_SECONDS, ",120s\n" }, { 20, VNM_UNIT_MINUTES, ",20m\n" },
		{ 2, VNM_UNIT_HOURS, ",2h\n" },	      { 20, VNM_UNIT_ABSENT, ",20m\n" },
		{ 0, VNM_UNIT_HOURS, ",infinite\n" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		const struct vnm_lease lease = { { true, 1 }, { true, cases[i].n }, cases[i].unit };
		vnm_autofree char *range = vnm_asprintf(
			"dhcp-range=192.0.2.2,192.0.2.99,255.255.255.0%s", cases[i].should);
		vnm_autofree char *host =
			vnm_asprintf("52:54:00:00:00:05,192.0.2.5,vm1%s", cases[i].should);
		struct vnm_dnsmasq_files files = { 0 };
		struct vnm_error err = { 0 };
		struct world w;

		make(&w, harmless);
		w.ranges[0].lease = w.hosts[0].lease = lease;
		VNM_ASSERT_OK_FATAL(vnm_dnsmasq_files(INPUT(&w.net, &facts, &places), &files, &err),
				    err);
		CU_ASSERT_PTR_NOT_NULL(strstr(files.conf, range));
		CU_ASSERT_PTR_NOT_NULL(strstr(files.hosts, host));
		vnm_dnsmasq_files_clear(&files);
	}
}

/* A path of ours that dnsmasq cannot take is no fault of the definition. */
static void test_odd_root(void)
{
	static char odd[] = "/tmp/a\nb", odd2[] = "/tmp/a#b";
	const struct vnm_dnsmasq_paths cases[] = { { odd, lease_file }, { dnsmasq_dir, odd2 } };
	struct world w;

	make(&w, harmless);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_dnsmasq_files files = { 0 };
		struct vnm_error err = { 0 };

		CU_ASSERT_TRUE(vnm_dnsmasq_files(INPUT(&w.net, &facts, &cases[i]), &files, &err) <
			       0);
		VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	}
}

/* dnsmasq's own opinion. Return: its exit status. */
static int ask_dnsmasq(const char *conf)
{
	char *const argv[] = { (char *)DNSMASQ, (char *)"--test", (char *)conf, NULL };
	posix_spawn_file_actions_t actions;
	char *const env[] = { NULL };
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, DNSMASQ, &actions, NULL, argv, env) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

static void check_accepted(const struct world *w, const struct vnm_facts *with)
{
	struct vnm_test_dir dir vnm_autotestdir;
	struct vnm_dnsmasq_files files = { 0 };
	vnm_autofree char *arg = NULL;
	struct vnm_error err = { 0 };

	vnm_test_dir_make(&dir);
	arg = vnm_asprintf("--conf-file=%s/" VNM_DNSMASQ_CONF, dir.path);
	VNM_ASSERT_OK_FATAL(vnm_dnsmasq_files(INPUT(&w->net, with, &places), &files, &err), err);
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(dir.fd, VNM_DNSMASQ_CONF, files.conf,
						 strlen(files.conf), 0600, (gid_t)-1, VNM_VOLATILE),
				0);
	VNM_ASSERT_INT_EQ(ask_dnsmasq(arg), 0);
	VNM_ASSERT_INT_EQ_FATAL(vnm_file_replace(dir.fd, VNM_DNSMASQ_CONF, "no-such-option\n", 15,
						 0600, (gid_t)-1, VNM_VOLATILE),
				0);
	CU_ASSERT_TRUE(ask_dnsmasq(arg) != 0);	/* it does look */
	vnm_dnsmasq_files_clear(&files);
}

static void test_dnsmasq_agrees(void)
{
	static const struct vnm_facts single = { .single_uid = true };
	struct world w;

	if (access(DNSMASQ, X_OK) != 0) {
		CU_PASS("dnsmasq is not installed");
		return;
	}
	make(&w, harmless);
	check_accepted(&w, &facts);
	check_accepted(&w, &single);
	w.ips[0].dhcp.n_ranges = w.ips[1].dhcp.n_ranges = 0;	/* static only */
	check_accepted(&w, &facts);
	w.ips[1].dhcp.n_hosts = 0;	/* advertisements only */
	check_accepted(&w, &facts);
	w.net.dns = (struct vnm_dns){ .enable = VNM_TRI_NO };
	check_accepted(&w, &facts);
	w.net.forward.at.present = true;
	check_accepted(&w, &facts);
}

const struct vnm_test vnm_tests[] = {
	{ "harmless", test_harmless },
	{ "injection_by_newline", test_injection_by_newline },
	{ "injection_behind_byte_1024", test_injection_behind_byte_1024 },
	{ "line_limit", test_line_limit },
	{ "comments_and_quotes", test_comments_and_quotes },
	{ "hostile", test_hostile },
	{ "many_hostnames", test_many_hostnames },
	{ "leases", test_leases },
	{ "odd_root", test_odd_root },
	{ "dnsmasq_agrees", test_dnsmasq_agrees },
	{ 0 },
};
