/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sys.h - everything that touches the kernel or another process, behind one handle. */
#ifndef VNM_SYS_SYS_H
#define VNM_SYS_SYS_H

#include "plan/facts.h"
#include "plan/firewall/fw_backend.h"
#include "plan/op/op.h"
#include "util/error.h"
#include "util/parse.h"

struct nl_sock;
struct vnm_bus;
struct vnm_fw_expected;
struct vnm_frames;
struct vnm_nft;
struct vnm_nftables;
struct vnm_fw_extensions;
struct vnm_fw_legacy;
struct vnm_fw_nft_handles;
struct vnm_fw_snapshot;
struct vnm_running;
struct vnm_forker;
struct vnm_inner;
struct vnm_links_seen;
struct vnm_addresses_seen;

#define VNM_WHY_SIZE 128

/**
 * struct vnm_sys - handles opened when first needed; zero-initialise, then vnm_sys_init().
 * @run_fd:   the run directory (borrowed): records of shared settings and processes live there
 * @nl:       netlink socket, NULL until needed
 * @nl_protocol: its protocol, NETLINK_ROUTE by default
 * @bus:      the system's D-Bus, NULL until needed
 * @fw_backend: where the rules are kept (sys/firewall/firewall.c)
 * @fw_seen:  the firewall tables as last read, for checks; dropped by every change
 * @fw_legacy: the legacy tables as last read, where they are not ours (sys/firewall/fw_legacy_seen.c)
 * @fw_expected: the rules of all networks, where a command needs to tell them from others (sys/firewall/fw_expected.c)
 * @fw_nft_handles: handles of rules, as recorded (sys/firewall/fw_nft_handles.c)
 * @fw_extensions: matches and targets already probed (sys/firewall/fw_kernel.c)
 * @modules_asked: 1 << enum vnm_kmod (sys/host/kmod.h): loading it was tried
 * @frames:   our table of frames, as last read; dropped by every change
 * @frames_lack: whether the kernel lacks it, if probed
 * @nft_read_sock, @nft_write_sock: sockets of nf_tables, kept open (sys/firewall/nft_write.c)
 * @nft_own:  the number of the last transaction of nf_tables, if all since one that was known were ours (vnm_nft_commit()). @stands:
 *            at that one, all that networks share was in place for the back end @backend
 * @rules_right: the rules of the network that is checked are known to be as planned: they are not looked at
 * @nft:      the chains of nf_tables, once read, or remembered (sys/firewall/nft_chains.c)
 * @nft_rules_rc: what kept rules of some chain of nf_tables from being read; 0: nothing
 * @links_seen, @addresses_seen: all devices, and their addresses, as they were when a command that only looks began
 *            (vnm_links_see(), vnm_addresses_see()); NULL: each is asked for when needed
 * @forwarding_seen: the host's switches for forwarding, IPv4 and IPv6, while there is @links_seen; absent: not read yet
 * @nftables: our tables of the back end "nftables", as last read; dropped by every change
 * @ra_deaf:  the devices that router advertisements are lost on, as last read (sys/host/accept_ra.c); NULL: not yet
 * @inner:    handles in other network namespaces (sys/netlink/netns_enter.c)
 * @new_netns: a namespace that was created and has no name yet (sys/netlink/netns.c)
 * @staging:  a namespace in which devices are made that get their group later (sys/netlink/netns.c)
 * @echoes:   what came of echo requests to other hosts of overlays, each asked once in a command (run/overlay_look.c), @n_echoes
 * @here:     which boot and network namespace this is, once read (sys/link/link_record.c)
 * @running:  the dnsmasq processes started here, until they are ready
 * @forker:   forks in our place where many of them start; or NULL
 * @warnings: gets warnings of failures that do no harm to the rest; NULL: those are errors, too
 * @repair_warnings: the same for what is no error in a repair, either; NULL: @warnings
 * @why:      what a check has found instead, in a few words
 * @boots:    at boot an absent device of the host may only be late: a warning; what is on it comes with it
 * @frr_seen: what FRR runs and knows, as last asked for a check (sys/frr/frr_seen.c); NULL: not yet
 * @step:     called before each operation is carried out (@undo: reverted), with @step_data; or NULL
 * @progress: called, with @step_data, with a line about what takes time (vnm_sys_progress()); or NULL. @waits: nothing else
 *            follows before an event
 * @assumes:  preparing a dry run: an absent bridge would have been created before
 * @last_one: while reverting: no other network is active, so shared things may go, too
 * @ends:     while reverting: a guest ends, and with it the device that was made for it
 */
struct vnm_sys {
	int run_fd;
	struct nl_sock *nl, *nft_read_sock, *nft_write_sock;
	int nl_protocol;
	struct vnm_bus *bus;
	enum vnm_fw_backend fw_backend;
	struct vnm_fw_snapshot *fw_seen;
	struct vnm_fw_legacy *fw_legacy;
	struct vnm_fw_expected *fw_expected;
	struct vnm_fw_nft_handles *fw_nft_handles;
	struct vnm_fw_extensions *fw_extensions;
	unsigned modules_asked;
	struct vnm_frames *frames;
	enum vnm_tristate frames_lack;
	struct vnm_nft_own {
		bool known, stands;
		uint32_t generation;
		enum vnm_fw_backend backend;
	} nft_own;
	struct vnm_nft *nft;
	int nft_rules_rc;
	struct vnm_links_seen *links_seen;
	struct vnm_addresses_seen *addresses_seen;
	enum vnm_tristate forwarding_seen[2];
	struct vnm_nftables *nftables;
	char *ra_deaf;
	char *frr_seen;
	struct vnm_inner *inner;
	struct vnm_new_netns {
		int fd;
		uint32_t ino; /* 0: none */
		uint64_t cookie;
	} new_netns, staging;
	struct vnm_host_echo {
		struct vnm_addr host;
		uint32_t full, largest; /* of the packets, in bytes */
		bool silent; /* it did not answer in its network, either */
	} * echoes;
	size_t n_echoes;
	struct vnm_here {
		char boot[VNM_UUID_STRLEN];
		uint64_t netns, cookie;
	} here;
	struct vnm_running *running;
	struct vnm_forker *forker;
	struct vnm_warnings *warnings, *repair_warnings;
	void (*step)(void *data, const struct vnm_op *op, bool undo);
	void *step_data;
	void (*progress)(void *data, bool waits, const char *line);
	bool boots, assumes, last_one, ends, rules_right;
	char why[VNM_WHY_SIZE];
};

#endif
