/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - the program; all of it is in cli/. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
