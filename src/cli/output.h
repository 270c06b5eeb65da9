/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h - output: results on standard output, everything else on standard error. */
#ifndef VNM_CLI_OUTPUT_H
#define VNM_CLI_OUTPUT_H

#include <stdarg.h>
#include <stdbool.h>

#include "cli/command.h"
#include "cli/table.h"

/* The options of vnm_cli_print_xml(). */
/* clang-format off */
#define VNM_OPTIONS_XPATH \
	{ VNM_OPT_XPATH, VNM_OPT_HAS_VALUE, "xpath expression to filter the XML document" }, \
	{ VNM_OPT_WRAP, 0, "wrap xpath results in a common root element" }
/* clang-format on */

void vnm_cli_extra(const struct vnm_cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_cli_error(struct vnm_cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_cli_verror(struct vnm_cli *cli, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
void vnm_cli_hint_cause(struct vnm_cli *cli, const struct vnm_error *err);
void vnm_cli_hint_later(struct vnm_cli *cli, const char *name, bool restart);
void vnm_cli_hints(struct vnm_cli *cli, struct vnm_warnings *hints);
void vnm_cli_hint(struct vnm_cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vnm_cli_fail(struct vnm_cli *cli, const struct vnm_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void vnm_cli_report(void *data, enum vnm_report_kind kind, const char *line);
void vnm_cli_progress(struct vnm_cli *cli, const char *what, size_t i, size_t n);
void vnm_cli_prompt(struct vnm_cli *cli, const char *line);
void vnm_cli_end_progress(struct vnm_cli *cli);
size_t vnm_cli_width(void);
int vnm_cli_print_xml(struct vnm_cli *cli, const char *xml);
void vnm_cli_print_marked(const struct vnm_cli *cli, const char *text);
void vnm_cli_print_table(const struct vnm_cli *cli, struct vnm_table *table);
int vnm_cli_finish_output(struct vnm_cli *cli);

#endif
