/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_line.h - the one writer of lines for dnsmasq; for the files of plan/ that make them.
 *
 * A line begins with its intended option, continues with literals and checked values, and is ended. The first error
 * is kept and returned by vnm_dm_finish(), so callers need not check each step.
 */
#ifndef VNM_PLAN_DNSMASQ_LINE_H
#define VNM_PLAN_DNSMASQ_LINE_H

#include "model/network.h"
#include "util/buf.h"
#include "util/error.h"

#define VNM_DNSMASQ_LINE_MAX 1023

/** enum vnm_dm_grammar - the grammar of a value. */
enum vnm_dm_grammar {
	VNM_DM_DEVICE,
	VNM_DM_DOMAIN,
	VNM_DM_HOST,
	VNM_DM_DUID,
	VNM_DM_PATH,	/* absolute */
	VNM_DM_BOOT_FILE,	/* a boot file: a path or URL, without commas */
	VNM_DM_LABEL,	/* a service or protocol of an SRV record */
	VNM_DM_RECORD,	/* the name of a TXT record: no blanks, no commas */
	VNM_DM_TEXT,	/* free text; a comma outside of quotes divides it */
	VNM_DM_GRAMMAR_COUNT
};

/** enum vnm_dm_format - how dnsmasq reads the file. */
enum vnm_dm_format {
	VNM_DM_CONF,	/* options: --conf-file */
	VNM_DM_LIST,	/* values of one option: --dhcp-hostsfile */
	VNM_DM_HOSTS,	/* hosts(5): --addn-hosts */
	VNM_DM_FORMAT_COUNT
};

/**
 * struct vnm_dm - a file while it is written; zero-initialise, then set @net, @format and @err.
 * @net:   named in errors
 * @at:    the element that the line comes from, for errors; NULL: not from the definition
 * @text:  the lines so far; @line: the current one
 * @meant: the intended options, one a line: parsing @text must give the same
 * @r:     the first failure, described in @err
 */
struct vnm_dm {
	const struct vnm_network *net;
	enum vnm_dm_format format;
	struct vnm_error *err;
	const struct vnm_at *at;
	struct vnm_buf text, line, meant;
	int r;
};

void vnm_dm_begin(struct vnm_dm *dm, const char *option, const struct vnm_at *at);
void vnm_dm_put(struct vnm_dm *dm, const char *ours);
void vnm_dm_number(struct vnm_dm *dm, uint64_t number);
void vnm_dm_addr(struct vnm_dm *dm, const struct vnm_addr *addr);
void vnm_dm_value(struct vnm_dm *dm, enum vnm_dm_grammar grammar, const char *value);
void vnm_dm_end(struct vnm_dm *dm);
void vnm_dm_flag(struct vnm_dm *dm, const char *option);
void vnm_dm_setting(struct vnm_dm *dm, const char *option, const char *ours);
void vnm_dm_option(struct vnm_dm *dm, const char *option, const struct vnm_at *at,
		   enum vnm_dm_grammar grammar, const char *value);
void vnm_dm_raw(struct vnm_dm *dm, const struct vnm_at *at, const char *line);
void vnm_dm_path(struct vnm_dm *dm, const char *option, const char *dir, const char *name);
int vnm_dm_finish(struct vnm_dm *dm, char **ret);
void vnm_dm_clear(struct vnm_dm *dm);

void vnm_dm_read_back(const char *text, enum vnm_dm_format format, struct vnm_buf *options);

#define vnm_autodm __attribute__((cleanup(vnm_dm_clear)))

#endif
