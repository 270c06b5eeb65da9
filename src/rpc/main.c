/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - vnetmgr-rpc: networks for clients of libvirt, by its remote protocol. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/driver.h"
#include "rpc/server.h"
#include "sys/process/dhcp_command.h"
#include "sys/process/dhcp_event.h"

#define SECONDS 30 /* of --timeout and --patience */
#define SECONDS_MAX 86400

/** struct options - of the command line; NULL: not given */
struct options {
	const char *socket, *read_only, *root;
	uint32_t timeout, patience;
};

static const char help[] =
	"usage: vnetmgr-rpc [OPTION]...\n"
	"\n"
	"Serves networks to clients of libvirt: virsh, its language bindings, virtqemud.\n"
	"\n"
	"  --socket PATH            listen to this socket, which is for root only\n"
	"  --read-only-socket PATH  the same, for everybody, whose clients may change nothing\n"
	"  --timeout SECONDS        end after this time without clients; 0: never [30]\n"
	"  --patience SECONDS       hang up on a client that takes longer to open its connection,\n"
	"                           to complete a message or to read an answer [30]\n"
	"  --root DIR               the state directories are below DIR [$VNETMGR_ROOT]\n"
	"  --help, --version\n"
	"\n"
	"Sockets that systemd passes to it are listened to as well.\n";

/* Return: 0 or -EINVAL after an error message. */
static int read_seconds(const char *option, const char *text, uint32_t min, uint32_t *ret)
{
	if (vnm_parse_u32(text, min, SECONDS_MAX, ret) == 0)
		return 0;
	fprintf(stderr, "error: --%s needs a number of seconds up to %d, not '%s'\n", option,
		SECONDS_MAX, text);
	return -EINVAL;
}

/* Return: 0 or -EINVAL after an error message; 1: nothing else is to be done. */
static int read_options(int argc, char **argv, struct options *ret)
{
	static const struct option known[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "read-only-socket", required_argument, NULL, 'r' },
		{ "timeout", required_argument, NULL, 't' },
		{ "patience", required_argument, NULL, 'p' },
		{ "root", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int c, r = 0;

	while (r == 0 && (c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': ret->socket = optarg; break;
		case 'r': ret->read_only = optarg; break;
		case 'd': ret->root = optarg; break;
		case 't': r = read_seconds("timeout", optarg, 0, &ret->timeout); break;
		case 'p': r = read_seconds("patience", optarg, 1, &ret->patience); break;
		case 'h': fputs(help, stdout); return 1;
		case 'v': puts(VNM_VERSION); return 1;
		default: fputs("See --help.\n", stderr); return -EINVAL;
		}
	}
	if (r < 0 || optind == argc)
		return r;
	fprintf(stderr, "error: unexpected argument '%s'. See --help.\n", argv[optind]);
	return -EINVAL;
}

static int open_sockets(const struct options *options, struct vnm_rpc_sockets *sockets,
			struct vnm_error *err)
{
	int r = vnm_rpc_sockets_inherit(sockets, err);

	if (r == 0 && options->socket)
		r = vnm_rpc_sockets_make(sockets, options->socket, false, err);
	if (r == 0 && options->read_only)
		r = vnm_rpc_sockets_make(sockets, options->read_only, true, err);
	if (r == 0 && sockets->n == 0)
		r = vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				  "there is no socket to listen to: it is started by "
				  "vnetmgr-rpc.socket, or with --socket PATH");
	return r;
}

static int serve(struct vnm_rpc_sockets *sockets, const struct options *options,
		 struct vnm_error *err)
{
	const struct vnm_rpc_terms terms = { .root = options->root, .patience = options->patience };

	return vnm_rpc_server_run(sockets, &terms, options->timeout, err);
}

/* A closed standard descriptor would become that of a client. */
static void fill_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	const char *dhcp = getenv(VNM_DHCP_EVENT);
	struct options options = { .timeout = SECONDS, .patience = SECONDS };
	struct vnm_rpc_sockets sockets = { 0 };
	struct vnm_error err = { 0 };
	int r;

	fill_standard_fds();
	if (dhcp) /* a DHCP client that was started with a network's guests runs us as its script */
		return vnm_dhcp_event(dhcp, argc > 1 ? argv[1] : NULL);
	options.root = secure_getenv("VNETMGR_ROOT");
	r = read_options(argc, argv, &options);
	if (r != 0)
		return r < 0;
	umask(077);
	r = open_sockets(&options, &sockets, &err);
	if (r == 0)
		r = serve(&sockets, &options, &err);
	vnm_rpc_sockets_clear(&sockets);
	if (r < 0)
		fprintf(stderr, "error: %s\n", err.msg);
	return r < 0;
}
