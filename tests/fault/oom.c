/*
 * oom.c - a malloc() that fails: LD_PRELOAD=oom.so VNM_OOM_AT=N the N-th call, counted from 1, with VNM_OOM_FOR_EVER=1
 * and all after it. VNM_OOM_COUNT=FILE: how many calls there were, if the program got as far as exit().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static unsigned long calls, at;
static int for_ever;

static __attribute__((constructor)) void begin(void)
{
	const char *text = getenv("VNM_OOM_AT");

	calls = 0;
	at = text ? strtoul(text, NULL, 10) : 0;
	for_ever = getenv("VNM_OOM_FOR_EVER") != NULL;
}

static __attribute__((destructor)) void end(void)
{
	const char *file = getenv("VNM_OOM_COUNT");
	int fd = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	dprintf(fd, "%lu\n", calls);
	close(fd);
}

static int fails(void)
{
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
