/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oom.c - a malloc() that fails: LD_PRELOAD=oom.so VNM_OOM_AT=N the N-th call, counted from 1, with VNM_OOM_FOR_EVER=1
 * and all after it. VNM_OOM_COUNT=FILE: how many calls there were, if the program got as far as exit().
 *
 * The C library's look at its own databases crashes without memory (glibc 2.36, nss_database.c), so that one counts as
 * a single call, which finds nothing for lack of memory.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static unsigned long calls, at;
static int for_ever, resting;

static __attribute__((constructor)) void begin(void)
{
	const char *text = getenv("VNM_OOM_AT");

	calls = 0;
	at = text ? strtoul(text, NULL, 10) : 0;
	for_ever = getenv("VNM_OOM_FOR_EVER") != NULL;
}

static __attribute__((destructor)) void end(void)
{
	write_count("VNM_OOM_COUNT", calls);
}

static int fails(void)
{
	if (resting)
		return 0;
	calls++;
	if (!at || calls < at || (calls > at && !for_ever))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

/* The next one of that name, which the program would have called. */
static void *real(const char *name)
{
	resting = 1;
	return dlsym(RTLD_NEXT, name);
}

#define LOOK_UP(type, function) \
	struct type *function(const char *name) \
	{ \
		struct type *(*look)(const char *), *found; \
		if (fails()) \
			return NULL; \
		look = real(#function); \
		found = look(name); \
		resting = 0; \
		return found; \
	}

LOOK_UP(group, getgrnam)
LOOK_UP(passwd, getpwnam)
