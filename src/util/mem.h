/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.h - allocation that never fails: it ends the program instead.
 *
 * Out of memory is not handled call by call: the program prints one line and exits with status 1. That is safe
 * because every change to the system is in a journal before it is made, so the next command rolls it back, exactly
 * as after a kill -9; and no failed allocation can go unnoticed.
 */
#ifndef VNM_UTIL_MEM_H
#define VNM_UTIL_MEM_H

#include <stddef.h>

#define VNM_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void *vnm_alloc(size_t size);
void *vnm_realloc(void *p, size_t size);
char *vnm_strdup(const char *s);
char *vnm_strndup(const char *s, size_t n);
char *vnm_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void *vnm_array_copy(const void *items, size_t n, size_t size);
void *vnm_array_add(void *items, size_t *n, size_t size);
size_t vnm_array_place(const void *items, size_t n, size_t size, const void *key,
		       int (*compare)(const void *item, const void *key));
_Noreturn void vnm_oom(void);
_Noreturn void vnm_die(const char *why);

void vnm_cleanup_free(void *p);
void vnm_cleanup_close(int *fd);

/* Scope-bound memory and descriptors; vnm_steal() hands the value over to the caller. */
#define vnm_autofree __attribute__((cleanup(vnm_cleanup_free)))
#define vnm_autoclose __attribute__((cleanup(vnm_cleanup_close)))
#define vnm_steal(pp) ({ __typeof__(*(pp)) vnm_stolen_ = *(pp); *(pp) = NULL; vnm_stolen_; })
#define vnm_steal_fd(pfd) ({ int vnm_stolen_ = *(pfd); *(pfd) = -1; vnm_stolen_; })

#endif
