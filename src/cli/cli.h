/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cli.h - the command line: one table of commands and options, from which parsing, usage and help follow. */
#ifndef VNM_CLI_CLI_H
#define VNM_CLI_CLI_H

int cli_main(int argc, char **argv);

#endif
