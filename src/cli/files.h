/* SPDX-License-Identifier: GPL-2.0-or-later */
/* files.h - the files that a command is given, and those in directories that it is given. */
#ifndef VNM_CLI_FILES_H
#define VNM_CLI_FILES_H

#include "cli/command.h"

/** struct vnm_files - names of files, in the order of the command line. @directory: one was among them */
struct vnm_files {
	char **names;
	size_t n;
	bool directory;
};

int vnm_cli_files(struct vnm_cli *cli, const struct vnm_values *given, struct vnm_files *ret);
void vnm_files_clear(struct vnm_files *files);
#define vnm_autofiles __attribute__((cleanup(vnm_files_clear)))

#endif
