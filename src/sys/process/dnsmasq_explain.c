/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_explain.c - find the program, and explain why it did not start: its own message, and the remedy. */
#include "sys/process/dnsmasq_explain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan/dnsmasq/dnsmasq_names.h"
#include "sys/host/sockets.h"
#include "util/file.h"
#include "util/mem.h"

#define INOTIFY_LIMIT "fs.inotify.max_user_instances"
#define DNS_PORT 53
#define DHCP_PORT 67
#define DHCP6_PORT 547
#define QUOTE_MAX 200
#define CONF_MAX (4 * 1024 * 1024)
#define OWN_LINE \
	", a <dnsmasq:option> of the network's definition: correct it there, or take it out"

static const char *const program_paths[] = {
	"/usr/sbin/dnsmasq", "/usr/local/sbin/dnsmasq", "/sbin/dnsmasq",
	"/usr/bin/dnsmasq", "/usr/local/bin/dnsmasq",
};

/* Is it a program, or unknown? */
static bool may_be_program(const char *path)
{
	struct stat st;

	if (access(path, X_OK) == 0)
		return true;
	if (errno == ENOENT || errno == ENOTDIR)
		return false;
	return stat(path, &st) < 0 || (S_ISREG(st.st_mode) && st.st_mode & 0111);
}

/**
 * vnm_dnsmasq_find() - find the program
 *
 * Without the environment: no variable may choose what runs as root. A path that cannot be checked is returned: running
 * it will report the error.
 *
 * Return: its absolute path, to be freed; NULL when it is not installed.
 */
char *vnm_dnsmasq_find(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(program_paths); i++)
		if (may_be_program(program_paths[i]))
			return vnm_strdup(program_paths[i]);
	return NULL;
}

/* Is it a dnsmasq with a file below @ours? */
static bool is_ours(const char *pid, const char *ours)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%s/cmdline", pid);
	vnm_autofree char *option = vnm_asprintf("--conf-file=%s/", ours);
	char line[4096] = "";
	vnm_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	for (ssize_t i = 0; i < len; i += (ssize_t)strlen(line + i) + 1)
		if (!strncmp(line + i, option, strlen(option)))
			return true;
	return false;
}

/** struct holder - the process of the socket @inode. @ours: skip dnsmasq of networks below that directory; NULL: none */
struct holder {
	unsigned long inode;
	const char *ours;
	char *description;
};

static bool describe_holder(unsigned long inode, const char *pid, void *data)
{
	struct holder *holder = data;
	vnm_autofree char *name = NULL;

	if (inode != holder->inode)
		return false;
	if (holder->ours && is_ours(pid, holder->ours))
		return true;
	name = vnm_process_name(pid);
	holder->description = vnm_asprintf("process %s (%s)", pid, name ? name : "?");
	return true;
}

static bool takes(const struct vnm_addr *bound, const struct vnm_addr *wanted)
{
	static const uint8_t zero[16];

	return !memcmp(bound->b, zero, sizeof(zero)) || vnm_addr_equal(bound, wanted);
}

/* The process that has bound a port. @ours: as in struct holder. NULL: none that we may see. */
static char *port_holder(enum vnm_proto proto, int family, const struct vnm_addr *addr,
			 uint16_t port, const char *ours)
{
	vnm_autosockets struct vnm_sockets sockets = { 0 };
	struct holder holder = { .ours = ours };

	(void)vnm_sockets_read(proto, family, &sockets);
	for (size_t i = 0; i < sockets.n && !holder.description; i++) {
		const struct vnm_socket *socket = &sockets.items[i];

		holder.inode = socket->inode;
		if (socket->port == port && (proto == VNM_PROTO_UDP || socket->listens) &&
		    socket->inode && takes(&socket->addr, addr))
			vnm_sockets_find_owners(describe_holder, &holder);
	}
	return holder.description;
}

/* @addr: as text; if invalid, a socket bound to all addresses is searched for. */
static char *dns_holder(const char *addr)
{
	static const struct {
		enum vnm_proto proto;
		int family;
	} lists[] = {
		{ VNM_PROTO_UDP, AF_INET },
		{ VNM_PROTO_TCP, AF_INET },
		{ VNM_PROTO_UDP, AF_INET6 },
		{ VNM_PROTO_TCP, AF_INET6 },
	};
	struct vnm_addr wanted = { 0 };
	char *holder = NULL;

	(void)vnm_addr_parse(addr, &wanted);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(lists) && !holder; i++)
		holder = port_holder(lists[i].proto, lists[i].family, &wanted, DNS_PORT, NULL);
	return holder;
}

/* The line with the reason. dnsmasq precedes a fatal error by an empty line; warnings may stand above. */
static char *reason_line(const char *output)
{
	const char *line = output, *gap;

	while ((gap = strstr(line, "\n\n")) && gap[2])
		line = gap + 2;
	line += strspn(line, "\n");
	if (!strncmp(line, "dnsmasq: ", strlen("dnsmasq: ")))
		line += strlen("dnsmasq: ");
	return vnm_strndup(line, strcspn(line, "\n"));
}

/* Another DHCP server. Ours share the port, each bound to its bridge. */
static char *other_server(const char *dir, int family, uint16_t port)
{
	const char *slash = strrchr(dir, '/');
	vnm_autofree char *ours = vnm_strndup(dir, slash ? (size_t)(slash - dir) : 0);
	const struct vnm_addr any = { 0 };

	return port_holder(VNM_PROTO_UDP, family, &any, port, ours);
}

/* The holder, for "failed to create listening socket for 192.0.2.1: Address already in use". */
static char *who_has_it(const char *dir, const char *words)
{
	const char *start = strstr(words, "socket for ");
	const char *end = strstr(words, ": Address already in use");
	vnm_autofree char *addr = NULL;

	if (end && strstr(words, "DHCP server socket"))
		return other_server(dir, AF_INET, DHCP_PORT);
	if (end && strstr(words, "DHCPv6 server socket"))
		return other_server(dir, AF_INET6, DHCP6_PORT);
	if (!start || !end || end < start)
		return NULL;
	start += strlen("socket for ");
	addr = vnm_strndup(start, (size_t)(end - start));
	return dns_holder(addr);
}

/* The number in "bad option at line 14 of DIR/dnsmasq.conf", or 0. */
static unsigned line_of_ours(const char *dir, const char *words)
{
	vnm_autofree char *file = vnm_asprintf(" of %s/" VNM_DNSMASQ_CONF, dir);
	const char *at = strstr(words, " at line "), *of = at ? strstr(at, file) : NULL;
	unsigned n;

	return of && !of[strlen(file)] && sscanf(at, " at line %u", &n) == 1 ? n : 0;
}

/* The line's text, and its origin: the end of a message, empty when there is no such line. */
static char *quote_line(const char *dir, unsigned n)
{
	static const char mark[] = VNM_DNSMASQ_OWN_LINES "\n";
	vnm_autoclose int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	vnm_autofree char *text = NULL;
	const char *line, *own;
	size_t len;

	if (n == 0 || fd < 0 || vnm_file_read(fd, VNM_DNSMASQ_CONF, CONF_MAX, &text, &len) < 0)
		return vnm_strdup("");
	for (line = text; n > 1 && *line; n--) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	len = strcspn(line, "\n");
	if (len == 0)
		return vnm_strdup("");
	own = strstr(text, mark);
	return vnm_asprintf(": '%.*s'%s", len < QUOTE_MAX ? (int)len : QUOTE_MAX, line,
			    own && own < line ? OWN_LINE : "");
}

/* Errors about the configuration as a whole, and the option that causes each. */
static const struct {
	const char *words, *option;
} causes[] = {
	{ "root trust anchor", "dnssec" },
	{ "--auth-server required", "auth-zone" },
	{ "max_port cannot be smaller than min_port", "max-port" },
};

/* The number of our line with an option; 0: none. */
static unsigned line_with(const char *dir, const char *option)
{
	vnm_autoclose int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const size_t n = strlen(option);
	vnm_autofree char *text = NULL;
	unsigned number = 1;
	size_t len;

	if (fd < 0 || vnm_file_read(fd, VNM_DNSMASQ_CONF, CONF_MAX, &text, &len) < 0)
		return 0;
	for (const char *line = text; *line; number++) {
		if (!strncmp(line, option, n) && (line[n] == '=' || line[n] == '\n'))
			return number;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return 0;
}

static unsigned line_behind(const char *dir, const char *words)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(causes); i++)
		if (strstr(words, causes[i].words))
			return line_with(dir, causes[i].option);
	return line_of_ours(dir, words);
}

/**
 * vnm_dnsmasq_explain() - turn dnsmasq's message into our error
 * @dir:    the network's directory
 * @output: what it has printed
 * @err:    gets VNM_ERR_DNSMASQ, and the remedy if there is one
 *
 * Return: -ECHILD.
 */
int vnm_dnsmasq_explain(const char *dir, const char *output, struct vnm_error *err)
{
	vnm_autofree char *words = reason_line(output), *holder = who_has_it(dir, words);
	const char *slash = strrchr(dir, '/'), *name = slash ? slash + 1 : dir;
	char limit[32] = "unknown";

	if (holder)
		return vnm_error_set(err, VNM_ERR_DNSMASQ, ECHILD,
				     "dnsmasq for %s did not start: %s: %s has it; "
				     "end that, or let it serve other %s only",
				     name, words, holder,
				     strstr(words, "DHCP") ? "devices" : "addresses");
	if (!strstr(words, "inotify")) {
		vnm_autofree char *line = quote_line(dir, line_behind(dir, words));

		return vnm_error_set(err, VNM_ERR_DNSMASQ, ECHILD,
				     "dnsmasq for %s did not start: %s%s", name, words, line);
	}
	(void)vnm_proc_read("/proc/sys/fs/inotify/max_user_instances", limit, sizeof(limit));
	return vnm_error_set(err, VNM_ERR_DNSMASQ, ECHILD,
			     "dnsmasq for %s did not start: %s; " INOTIFY_LIMIT
			     " is %s, raise it: sysctl " INOTIFY_LIMIT "=1024",
			     name, words, limit);
}
