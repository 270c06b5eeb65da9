/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_file.h - a text as a file without a name, for the standard input of a program. */
#ifndef VNM_UTIL_MEMORY_FILE_H
#define VNM_UTIL_MEMORY_FILE_H

#include <stddef.h>

int vnm_memory_file(const char *name, const char *text, size_t len);

#endif
