/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_internal.h - what the files of the command line share. Not for others.
 *
 * A command is a row of vnm_commands (commands.c); what it takes is a list of option rows. Arguments that stand
 * alone are options as well, as in virsh: "net-start keennet" is "net-start --network keennet". Reading the
 * command line (args.c) and the help texts (help.c) follow from the rows.
 *
 * A handler opens the driver with vnm_cli_open(), calls it, closes it with vnm_cli_close(), and prints last: so the
 * lock is never held while a reader of our output is slow.
 */
#ifndef VNM_CLI_CLI_INTERNAL_H
#define VNM_CLI_CLI_INTERNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "driver/driver.h"
#include "util/buf.h"
#include "util/error.h"

/** enum vnm_opt - every option of every command. */
enum vnm_opt {
	VNM_OPT_ADDRESS,
	VNM_OPT_ALL,
	VNM_OPT_AUTO,
	VNM_OPT_AUTOSTART,
	VNM_OPT_COMMAND,
	VNM_OPT_CONFIG,
	VNM_OPT_CREATE,
	VNM_OPT_CURRENT,
	VNM_OPT_DEV,
	VNM_OPT_DEVICE,
	VNM_OPT_DISABLE,
	VNM_OPT_DRY_RUN,
	VNM_OPT_EDIT,
	VNM_OPT_EVENT,
	VNM_OPT_FILE,
	VNM_OPT_GROUP,
	VNM_OPT_GUARD,
	VNM_OPT_HOSTNAME,
	VNM_OPT_IFNAME,
	VNM_OPT_INACTIVE,
	VNM_OPT_IP,
	VNM_OPT_ISOLATED,
	VNM_OPT_KEY,
	VNM_OPT_LIST,
	VNM_OPT_LIVE,
	VNM_OPT_LOOP,
	VNM_OPT_MAC,
	VNM_OPT_MASQUERADE,
	VNM_OPT_MULTIQUEUE,
	VNM_OPT_NAME,
	VNM_OPT_NETNS,
	VNM_OPT_NETWORK,
	VNM_OPT_NEW_DESC,
	VNM_OPT_NEW_NAME,
	VNM_OPT_LEASE,
	VNM_OPT_NO_AUTOSTART,
	VNM_OPT_NO_DEFAULT_ROUTE,
	VNM_OPT_OWNER,
	VNM_OPT_PARENT_INDEX,
	VNM_OPT_PEER,
	VNM_OPT_PERSISTENT,
	VNM_OPT_PORT,
	VNM_OPT_PORTGROUP,
	VNM_OPT_PROTO,
	VNM_OPT_REMOVE,
	VNM_OPT_ROUTER,
	VNM_OPT_SECTION,
	VNM_OPT_SET,
	VNM_OPT_TABLE,
	VNM_OPT_TAP,
	VNM_OPT_TITLE,
	VNM_OPT_TIMEOUT,
	VNM_OPT_TIMESTAMP,
	VNM_OPT_TO,
	VNM_OPT_TRANSIENT,
	VNM_OPT_TUN,
	VNM_OPT_UPLINK,
	VNM_OPT_URI,
	VNM_OPT_UUID,
	VNM_OPT_VALIDATE,
	VNM_OPT_VNET_HDR,
	VNM_OPT_WIDE,
	VNM_OPT_WRAP,
	VNM_OPT_XML,
	VNM_OPT_XPATH,
	VNM_OPT_COUNT
};

extern const char *const vnm_opt_names[VNM_OPT_COUNT];	/* without "--" */

enum vnm_opt_flag {
	VNM_OPT_HAS_VALUE = 1 << 0,	/* "--file F" or "--file=F" */
	VNM_OPT_ALONE = 1 << 1,		/* the value may stand alone */
	VNM_OPT_REQUIRED = 1 << 2,
	VNM_OPT_OR_ALL = 1 << 3,	/* required without --all, refused with it */
	VNM_OPT_MANY = 1 << 4,		/* any number of values */
	VNM_OPT_REST = 1 << 5,		/* all that follows the first value belongs to it, options too */
	VNM_OPT_NUMBER = 1 << 6,	/* the value is one; for help, the command reads it */
	VNM_OPT_EMPTY = 1 << 7,		/* the value may be empty */
};

#define VNM_OPT_ARGUMENT (VNM_OPT_HAS_VALUE | VNM_OPT_ALONE)

/** struct vnm_option - that a command takes the option @id; a flag when @flags is 0. */
struct vnm_option {
	enum vnm_opt id;
	unsigned flags;
	const char *help;
};

enum vnm_command_group { VNM_GROUP_NETWORK, VNM_GROUP_SELF, VNM_GROUP_COUNT };

enum vnm_command_flag {
	VNM_COMMAND_CHANGES = 1 << 0,	/* signals wait until it is through, see vnm_cli_open() */
	VNM_COMMAND_SHOWS = 1 << 2,	/* but only when it is told what to change */
	VNM_COMMAND_LATE = 1 << 3,	/* makes nothing before it is known that it can: struct vnm_options */
	VNM_COMMAND_BARE = 1 << 1,	/* no blank line after it: its output is somebody else's */
};

#define VNM_STATUS_DIFFERS 2 /* net-diff: there is a difference; net-apply --dry-run: something would be done. 1 is an error, as everywhere */
#define VNM_STATUS_PART 3 /* autostart: not all could be started, but others are up */

struct vnm_cli;

/** struct vnm_command - a row of the table. @run returns the exit status. */
struct vnm_command {
	const char *name;
	enum vnm_command_group group;
	unsigned flags;
	const char *summary, *description;
	const struct vnm_option *options;
	size_t n_options;
	int (*run)(struct vnm_cli *cli);
};

extern const struct vnm_command vnm_commands[];
extern const size_t vnm_n_commands;

/** struct vnm_group - what help calls a group. */
struct vnm_group {
	const char *keyword, *title;
};

extern const struct vnm_group vnm_groups[VNM_GROUP_COUNT];

/** struct vnm_global - an option before the command (or among its own). @letter: its short form, above 255 none. */
struct vnm_global {
	const char *name;
	int letter;
	const char *value;	/* what help calls its value; NULL: it has none */
	const char *help;
};

/* Above all letters. */
#define VNM_GLOBAL_ROOT 256
#define VNM_GLOBAL_WAIT 257

extern const struct vnm_global vnm_globals[];
extern const size_t vnm_n_globals;

/** struct vnm_values - what was given for one option; the strings are argv's. */
struct vnm_values {
	bool seen;
	const char **items;
	size_t n;
};

/** struct vnm_cli - one call of the program. */
struct vnm_cli {
	const struct vnm_command *command;
	struct vnm_values values[VNM_OPT_COUNT];
	bool quiet, verbose, help, version;
	const char *stray;		/* the option that vnm_cli_parse() did not know, without "--" */
	char *root;			/* absolute; NULL: the system's directories */
	int wait;			/* seconds, for another command; negative: as long as is usual */
	struct vnm_assumed *assumed;	/* --dry-run: what it takes for done so far; from the first vnm_cli_open() on */
	struct vnm_guard guard;		/* what uplinks are started with */
	struct vnm_driver *driver;	/* between vnm_cli_open() and vnm_cli_close() */
	bool terminal, progress;	/* stderr is one; a progress line stands on it */
	mode_t umask;			/* the user's */
	bool held;			/* signals wait; @mask is what was blocked before */
	sigset_t mask;
	size_t n_targets, n_told;	/* vnm_cli_bulk(): networks in all, and so far */
};

/** struct vnm_words - a command's name and its arguments, NULL at the end; the strings are allocated. */
struct vnm_words {
	char **words;
	size_t n;
};

/* words.c */
int vnm_words_split(const char *text, struct vnm_words **ret, size_t *ret_n, struct vnm_error *err);
void vnm_words_free(struct vnm_words *list, size_t n);

/* args.c */
const struct vnm_command *vnm_command_find(const char *name);
int vnm_cli_parse(struct vnm_cli *cli, char *const argv[], struct vnm_error *err);
int vnm_cli_global(struct vnm_cli *cli, int letter, const char *value, struct vnm_error *err);
bool vnm_cli_seen(const struct vnm_cli *cli, enum vnm_opt id);
const char *vnm_cli_value(const struct vnm_cli *cli, enum vnm_opt id);
const char *vnm_cli_missing(const struct vnm_cli *cli, size_t *at);
const char *vnm_option_value_name(const struct vnm_option *option);
void vnm_cli_clear(struct vnm_cli *cli);

/* help.c */
void vnm_help_command(const struct vnm_command *command, size_t width, struct vnm_buf *out);
void vnm_help_group(enum vnm_command_group group, struct vnm_buf *out);
void vnm_help_groups(struct vnm_buf *out);
void vnm_help_usage(struct vnm_buf *out);

/* hint.c */
void vnm_hint_command(struct vnm_cli *cli, const char *word);
void vnm_hint_usage(struct vnm_cli *cli);
void vnm_hint_missing(struct vnm_cli *cli);
void vnm_hint_word(struct vnm_cli *cli, const char *word, const char *what, const char *const *list,
		   size_t n);
void vnm_hint_network(struct vnm_cli *cli, const char *given);

/* output.c */
void vnm_cli_extra(const struct vnm_cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_cli_error(struct vnm_cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_cli_hint(struct vnm_cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vnm_cli_fail(struct vnm_cli *cli, const struct vnm_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_cli_report(void *data, enum vnm_report_kind kind, const char *line);
void vnm_cli_end_progress(struct vnm_cli *cli);
size_t vnm_cli_width(void);
int vnm_cli_print_xml(struct vnm_cli *cli, const char *xml);
int vnm_cli_finish_output(struct vnm_cli *cli);

/* qemu.c */
void vnm_qemu_options(const struct vnm_attachment *attach, uint32_t mtu, bool vhost,
		      struct vnm_buf *out);
void vnm_cli_tell_qemu(struct vnm_cli *cli, const struct vnm_attachment *attach, uint32_t mtu);

/* input.c */
int vnm_cli_read(struct vnm_cli *cli, const char *file, const char *what, struct vnm_buf *text);

/* editor.c */
/** enum vnm_answer - FORCE: keep the text as it is, now that the user knows what is against it. */
enum vnm_answer { VNM_ANSWER_NO, VNM_ANSWER_YES, VNM_ANSWER_FORCE };

int vnm_cli_edit(struct vnm_cli *cli, const char *text, char **ret);
enum vnm_answer vnm_cli_again(struct vnm_cli *cli);

/**
 * struct vnm_editing - a text of a network while the user edits it
 * @note:   which one; NULL: the kept definition
 * @affect: of which definitions, see vnm_cli_affect()
 * @failed: what to say before the reason when it cannot be kept, or NULL
 * @name:   the network's; after a change of its definition the one that this has
 * @seen:   the text that was there when editing began, NULL: none
 */
struct vnm_editing {
	const struct vnm_note *note;
	unsigned affect;
	const char *failed;
	char *name, *seen;
};

enum vnm_edited { VNM_EDITED_FAILED, VNM_EDITED_NOT, VNM_EDITED };

/* cmd_edit.c */
enum vnm_edited vnm_cli_edit_text(struct vnm_cli *cli, struct vnm_editing *editing,
				  const char *start);
void vnm_editing_clear(struct vnm_editing *editing);
#define vnm_autoediting __attribute__((cleanup(vnm_editing_clear)))

/* affect.c */
int vnm_cli_refuse_both(struct vnm_cli *cli, enum vnm_opt first, enum vnm_opt second);
int vnm_cli_affect(struct vnm_cli *cli, unsigned *ret);
int vnm_cli_update(struct vnm_cli *cli, const char *name, unsigned *affect,
		   const struct vnm_update *update, struct vnm_error *err);

/* cmd_apply.c */
void vnm_cli_tell_applied(const struct vnm_cli *cli, const struct vnm_applied *applied,
			  const char *file, const char *done);

/* session.c */
int vnm_cli_open(struct vnm_cli *cli);		/* prints its error */
int vnm_cli_let_in(struct vnm_cli *cli, struct vnm_error *err);
void vnm_cli_close(struct vnm_cli *cli);
int vnm_cli_lookup(struct vnm_cli *cli, char **ret_name);
void vnm_cli_obey_signals(struct vnm_cli *cli);

/** struct vnm_bulk - a command for many networks: either all at once or one by one. */
struct vnm_bulk {
	bool (*wanted)(const struct vnm_info *info);	/* which ones --all means */
	int (*all)(struct vnm_driver *drv, const char *const *names, size_t n,
		   struct vnm_result **ret, struct vnm_error *err);
	int (*one)(struct vnm_cli *cli, const char *name, char **ret_detail, struct vnm_error *err);
	void (*tell)(struct vnm_cli *cli, const struct vnm_result *result);
	bool hooks;	/* @all runs hooks */
};

/* bulk.c */
int vnm_cli_bulk(struct vnm_cli *cli, const struct vnm_bulk *bulk);
struct vnm_result *vnm_cli_all(struct vnm_cli *cli, const struct vnm_bulk *bulk,
			       const char *const *names, size_t n);

/* cmd_attach.c */
void vnm_print_attached(const struct vnm_cli *cli, const struct vnm_attached *attached, size_t n);

/* The handlers: cmd_*.c */
int vnm_cmd_define(struct vnm_cli *cli);
int vnm_cmd_confirm(struct vnm_cli *cli);
int vnm_cmd_create(struct vnm_cli *cli);
int vnm_cmd_undefine(struct vnm_cli *cli);
int vnm_cmd_net_autostart(struct vnm_cli *cli);
int vnm_cmd_edit(struct vnm_cli *cli);
int vnm_cmd_desc(struct vnm_cli *cli);
int vnm_cmd_metadata(struct vnm_cli *cli);
int vnm_cmd_attach(struct vnm_cli *cli);
int vnm_cmd_detach(struct vnm_cli *cli);
int vnm_cmd_apply(struct vnm_cli *cli);
int vnm_cmd_diff(struct vnm_cli *cli);
int vnm_cmd_rename(struct vnm_cli *cli);
int vnm_cmd_update(struct vnm_cli *cli);
int vnm_cmd_dumpxml(struct vnm_cli *cli);
int vnm_cmd_start(struct vnm_cli *cli);
int vnm_cmd_destroy(struct vnm_cli *cli);
int vnm_cmd_repair(struct vnm_cli *cli);
int vnm_cmd_autostart(struct vnm_cli *cli);
int vnm_cmd_autostop(struct vnm_cli *cli);
int vnm_cmd_event(struct vnm_cli *cli);
int vnm_cmd_list(struct vnm_cli *cli);
int vnm_cmd_info(struct vnm_cli *cli);
int vnm_cmd_name(struct vnm_cli *cli);
int vnm_cmd_uuid(struct vnm_cli *cli);
int vnm_cmd_leases(struct vnm_cli *cli);
int vnm_cmd_release(struct vnm_cli *cli);
int vnm_cmd_forward_add(struct vnm_cli *cli);
int vnm_cmd_forward_del(struct vnm_cli *cli);
int vnm_cmd_forward_list(struct vnm_cli *cli);
int vnm_cmd_port_create(struct vnm_cli *cli);
int vnm_cmd_port_delete(struct vnm_cli *cli);
int vnm_cmd_port_list(struct vnm_cli *cli);
int vnm_cmd_port_dumpxml(struct vnm_cli *cli);
int vnm_cmd_sandbox(struct vnm_cli *cli);
int vnm_cmd_help(struct vnm_cli *cli);
int vnm_cmd_version(struct vnm_cli *cli);

#endif
