/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mem.c - allocation that never fails: it ends the program instead. */
#include "util/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/**
 * vnm_die() - print why the program cannot go on, and exit with status 1
 * @why: what failed; errno has the cause
 *
 * For where a rollback is impossible: as after a kill, the next command does it.
 */
_Noreturn void vnm_die(const char *why)
{
	dprintf(STDERR_FILENO, "error: %s: %s; the next command rolls back what was begun\n", why,
		strerror(errno));
	_exit(1);
}

/**
 * vnm_oom() - report out of memory, and exit with status 1
 *
 * Uses neither stdio nor atexit handlers: both may allocate.
 */
_Noreturn void vnm_oom(void)
{
	static const char msg[] = "error: out of memory\n";

	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) < 0)
		_exit(1);
	_exit(1);
}

/**
 * vnm_alloc() - zeroed memory
 * @size: bytes; 0 gives a pointer that can be freed
 *
 * Return: never NULL.
 */
void *vnm_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		vnm_oom();
	return p;
}

/**
 * vnm_realloc() - change the size of a block; what is added is not zeroed
 * @p:    the block, or NULL
 * @size: bytes; 0 gives a pointer that can be freed
 *
 * Return: never NULL.
 */
void *vnm_realloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		vnm_oom();
	return p;
}

/**
 * vnm_strdup() - copy a string
 * @s: the string; NULL gives NULL, so that optional fields can be copied as they are
 *
 * Return: the copy, to be freed.
 */
char *vnm_strdup(const char *s)
{
	return s ? vnm_strndup(s, strlen(s)) : NULL;
}

/**
 * vnm_strndup() - copy the beginning of a string
 * @s: the string; NULL gives NULL
 * @n: bytes to copy at most
 *
 * Return: the copy, NUL-terminated, to be freed.
 */
char *vnm_strndup(const char *s, size_t n)
{
	char *copy;

	if (!s)
		return NULL;
	n = strnlen(s, n);
	copy = vnm_alloc(n + 1);
	memcpy(copy, s, n);
	return copy;
}

/**
 * vnm_asprintf() - a formatted string in memory of its own
 * @fmt: as for printf
 *
 * Return: the string, to be freed; never NULL.
 */
char *vnm_asprintf(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (r < 0)
		vnm_oom();
	return text;
}

/**
 * vnm_array_add() - grow an array by one zeroed element
 * @items: the array, NULL for an empty one; it must have grown by this function only
 * @n:     in: the number of elements; out: one more
 * @size:  bytes of one element
 *
 * The room is not stored: an array of n elements has room for the next power of two, and for four at least.
 * So it moves when n arrives at such a number, and nowhere else. Taking elements off the end is allowed.
 *
 * Return: the array, possibly moved; the new element is its last one.
 */
void *vnm_array_add(void *items, size_t *n, size_t size)
{
	const size_t least = 4;
	size_t bytes;

	if (*n == 0 || (*n >= least && (*n & (*n - 1)) == 0)) {
		size_t room = *n ? *n * 2 : least;

		if (__builtin_mul_overflow(room, size, &bytes) || room < *n)
			vnm_oom();
		items = vnm_realloc(items, bytes);
	}
	memset((char *)items + *n * size, 0, size);
	(*n)++;
	return items;
}

/**
 * vnm_array_copy() - copy an array that has grown by vnm_array_add(), so that the copy can grow by it, too
 * @items: the array
 * @n:     the number of elements
 * @size:  bytes of one element
 *
 * Return: the copy; NULL for an empty one.
 */
void *vnm_array_copy(const void *items, size_t n, size_t size)
{
	void *ret = NULL;

	for (size_t i = 0; i < n;) {
		const size_t at = i;

		ret = vnm_array_add(ret, &i, size);
		memcpy((char *)ret + at * size, (const char *)items + at * size, size);
	}
	return ret;
}

/**
 * vnm_array_place() - where a key is in a sorted array, or is to be inserted
 * @items:   the array
 * @n:       its number of elements
 * @size:    bytes of one element
 * @key:     what is looked for
 * @compare: the order: negative, 0 or positive where the element stands before, at or behind the key
 *
 * Return: the position of the first element that does not stand before the key; @n: there is none.
 */
size_t vnm_array_place(const void *items, size_t n, size_t size, const void *key,
		       int (*compare)(const void *item, const void *key))
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare((const char *)items + middle * size, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * vnm_cleanup_free() - free() at the end of a scope; see vnm_autofree
 * @p: address of the pointer
 */
void vnm_cleanup_free(void *p)
{
	void *block;

	/* The pointer may be of any type, which only memcpy may read as void *. */
	memcpy(&block, p, sizeof(block));
	free(block);
}

/**
 * vnm_cleanup_close() - close() at the end of a scope; see vnm_autoclose
 * @fd: address of the descriptor; a negative one is nothing to close
 *
 * errno is kept, so that "return -errno" may stand before the end of the scope.
 */
void vnm_cleanup_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}
