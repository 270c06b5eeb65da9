/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - output: results on standard output, everything else on standard error. */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/bidi.h"
#include "util/mem.h"
#include "util/poll.h"
#include "xml/xpath.h"

#define ERASE_LINE "\r\033[K"
#define WIDTH_USUAL 80
#define WIDTH_MIN 40
#define PROGRESS_MS 100 /* between two lines of progress */

static void put_line(const char *prefix, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static void print_line(const char *prefix, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* In one write, so that lines of several processes do not mix; without control and bidirectional characters. */
static void put_line(const char *prefix, const char *fmt, va_list ap)
{
	vnm_autobuf struct vnm_buf line = { 0 };

	vnm_buf_add(&line, prefix);
	vnm_buf_vprintf(&line, fmt, ap);
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.data[i] < 0x20 || line.data[i] == 0x7f)
			line.data[i] = '?';
	for (size_t i = 0; i < line.len; i++)
		memset(line.data + i, '?', vnm_bidi_at(line.data + i, NULL));
	vnm_buf_addc(&line, '\n');
	fputs(line.data, stderr);
}

/** vnm_cli_width() - the columns that standard output has: the terminal's, or 80. */
size_t vnm_cli_width(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return WIDTH_USUAL;
	return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
}

/** vnm_cli_end_progress() - erase the progress line, if there is one. */
void vnm_cli_end_progress(struct vnm_cli *cli)
{
	if (cli->progress)
		fputs(ERASE_LINE, stderr);
	cli->progress = false;
}

/**
 * vnm_cli_extra() - print what --quiet and --json suppress
 * @cli: the call
 * @fmt: the text, with its newline
 */
void vnm_cli_extra(const struct vnm_cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->quiet || vnm_cli_seen(cli, VNM_OPT_JSON))
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/** vnm_cli_verror() - vnm_cli_error() with the arguments as a va_list. */
void vnm_cli_verror(struct vnm_cli *cli, const char *fmt, va_list ap)
{
	vnm_cli_end_progress(cli);
	fflush(stdout);
	put_line("error: ", fmt, ap);
}

/**
 * vnm_cli_error() - print one line of error
 * @cli: the call
 * @fmt: the text, without "error:" and newline
 */
void vnm_cli_error(struct vnm_cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vnm_cli_verror(cli, fmt, ap);
	va_end(ap);
}

/**
 * vnm_cli_hint() - print one line on what to do about an error
 * @cli: the call
 * @fmt: the text, without "hint:" and newline
 */
void vnm_cli_hint(struct vnm_cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->quiet)
		return;
	va_start(ap, fmt);
	put_line("hint: ", fmt, ap);
	va_end(ap);
}

/** vnm_cli_hint_later() - a changed definition is not that of the active network; @restart: a live change cannot make it that */
void vnm_cli_hint_later(struct vnm_cli *cli, const char *name, bool restart)
{
	if (restart)
		vnm_cli_hint(cli,
			     "it takes effect at the next start, since the bridge changes: "
			     "vnetmgr net-destroy %s && vnetmgr net-start %s",
			     name, name);
	else
		vnm_cli_hint(cli,
			     "it takes effect at the next start; now: vnetmgr net-dumpxml "
			     "--inactive %s | vnetmgr net-apply -",
			     name);
}

/** vnm_cli_hints() - print several, after what was printed so far, and clear them */
void vnm_cli_hints(struct vnm_cli *cli, struct vnm_warnings *hints)
{
	if (hints->n > 0)
		fflush(stdout);
	for (size_t i = 0; i < hints->n; i++)
		vnm_cli_hint(cli, "%s", hints->items[i]);
	vnm_warnings_clear(hints);
}

/** vnm_cli_hint_cause() - the command that removes the cause of an error, where the error is worded as virsh's and does not say */
void vnm_cli_hint_cause(struct vnm_cli *cli, const struct vnm_error *err)
{
	if (err->code == VNM_ERR_INACTIVE && cli->network)
		vnm_cli_hint(cli, "start it first: vnetmgr net-start %s", cli->network);
}

/**
 * vnm_cli_fail() - print what failed, and why
 * @cli: the call
 * @err: the cause
 * @fmt: what failed
 */
void vnm_cli_fail(struct vnm_cli *cli, const struct vnm_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vnm_cli_verror(cli, fmt, ap);
	va_end(ap);
	vnm_cli_error(cli, "%s", err->msg);
	vnm_cli_hint_cause(cli, err);
}

static void print_line(const char *prefix, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(prefix, fmt, ap);
	va_end(ap);
}

/**
 * vnm_cli_prompt() - show a line at the terminal, until the next one or vnm_cli_end_progress()
 * @cli:  the call
 * @line: the line; part of one that is too long would stay, so it is cut
 */
void vnm_cli_prompt(struct vnm_cli *cli, const char *line)
{
	struct winsize size = { .ws_col = WIDTH_USUAL };

	(void)ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	fprintf(stderr, ERASE_LINE "%.*s", size.ws_col - 1, line);
	cli->progress = true;
	cli->progress_ms = vnm_now_ms();
}

static void show_progress(struct vnm_cli *cli, const char *line)
{
	if (cli->terminal && !cli->quiet && !cli->verbose)
		vnm_cli_prompt(cli, line);
}

/**
 * vnm_cli_report() - messages of the driver while it works; struct vnm_report.line
 * @data: the struct vnm_cli
 * @kind: decides where the line goes, if anywhere
 * @line: the line
 */
void vnm_cli_report(void *data, enum vnm_report_kind kind, const char *line)
{
	struct vnm_cli *cli = data;

	switch (kind) {
	case VNM_REPORT_WARNING:
		vnm_cli_end_progress(cli);
		print_line("warning: ", "%s", line);
		break;
	case VNM_REPORT_HINT:
		vnm_cli_end_progress(cli);
		vnm_cli_hint(cli, "%s", line);
		break;
	case VNM_REPORT_DETAIL:
		if (!cli->verbose)
			break;
		vnm_cli_end_progress(cli);
		print_line("", "%s", line);
		break;
	case VNM_REPORT_PROGRESS:
		if (vnm_now_ms() - cli->progress_ms >= PROGRESS_MS)
			show_progress(cli, line);
		break;
	case VNM_REPORT_WAIT: show_progress(cli, line); break;
	}
}

/** vnm_cli_progress() - show that one of @n things, @what, is next; @i: of them are done */
void vnm_cli_progress(struct vnm_cli *cli, const char *what, size_t i, size_t n)
{
	vnm_autofree char *line = vnm_asprintf("%s (%zu of %zu)", what, i + 1, n);

	if (n > 1)
		vnm_cli_report(cli, VNM_REPORT_PROGRESS, line);
}

/**
 * vnm_cli_print_xml() - print a definition, or the nodes of --xpath
 * @cli: the call; its driver is closed
 * @xml: the text
 *
 * Return: the exit status.
 */
int vnm_cli_print_xml(struct vnm_cli *cli, const char *xml)
{
	const char *expression = vnm_cli_value(cli, VNM_OPT_XPATH);
	vnm_autobuf struct vnm_buf parts = { 0 };
	struct vnm_error err = { 0 };

	if (expression && vnm_xpath_print(xml, strlen(xml), expression,
					  vnm_cli_seen(cli, VNM_OPT_WRAP), &parts, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	fputs(expression ? vnm_buf_str(&parts) : xml, stdout);
	return 0;
}

/** vnm_cli_print_marked() - print lines with marks: the steps of a dry run, a difference of definitions. */
void vnm_cli_print_marked(const struct vnm_cli *cli, const char *text)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	if (cli->colours)
		vnm_colour_lines(&out, text);
	fputs(cli->colours ? vnm_buf_str(&out) : text, stdout);
}

/** vnm_cli_print_table() - print a table, with its headings unless --quiet is given; on a terminal, it fits in. */
void vnm_cli_print_table(const struct vnm_cli *cli, struct vnm_table *table)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	table->width = cli->screen ? vnm_cli_width() : 0;
	vnm_table_print(table, !cli->quiet, &out);
	fputs(vnm_buf_str(&out), stdout);
}

/**
 * vnm_cli_finish_output() - flush and close standard output
 * @cli: the call
 *
 * A full disk may be reported only here, or by close(2). Standard output cannot be used afterwards.
 *
 * Return: the exit status: 0, or 1 after an error message.
 */
int vnm_cli_finish_output(struct vnm_cli *cli)
{
	bool failed = ferror(stdout);
	int sys = 0;

	vnm_cli_end_progress(cli);
	if (fclose(stdout) != 0) {
		failed = true;
		sys = errno;
	}
	if (!failed)
		return 0;
	/* If an earlier write failed, its errno is lost: the stream has only an error flag. */
	print_line("error: ", "cannot write to standard output%s%s", sys ? ": " : "",
		   sys ? strerror(sys) : "");
	return 1;
}
