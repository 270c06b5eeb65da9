/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - definitions on disk: NAME.xml in a directory, and the autostart links beside them.
 *
 * The same layout serves the persistent definitions (durable) and the live ones in the run directory
 * (volatile). A file's name is the network's; a file that contains another name is refused.
 */
#ifndef VNM_STATE_STORE_H
#define VNM_STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/network.h"
#include "state/pending.h"
#include "state/settled.h"
#include "state/shadow.h"
#include "util/error.h"
#include "util/file.h"

#define VNM_STORE_PENDING ".xml" VNM_PENDING
#define VNM_STORE_UNDEFINED ".undefined"

/**
 * struct vnm_store - a directory of definitions. @path is for messages. @shadow: of a dry run, gets what is written; or NULL.
 * @settled: the names, if recovery has listed them; or NULL
 */
struct vnm_store {
	int fd;
	const char *path;
	enum vnm_durability durability;
	struct vnm_shadow *shadow;
	struct vnm_settled *settled;
};

char *vnm_store_name_of(const char *file, const char *suffix);
int vnm_store_names(const struct vnm_store *store, const char *suffix, char ***ret, size_t *ret_n,
		    struct vnm_error *err);
int vnm_store_readable(const struct vnm_store *store, const char *name, struct vnm_error *err);
bool vnm_store_has(const struct vnm_store *store, const char *name);
int vnm_store_load(const struct vnm_store *store, const char *name, struct vnm_network *ret,
		   struct vnm_error *err);
int vnm_store_save(const struct vnm_store *store, const struct vnm_network *net,
		   struct vnm_error *err);
int vnm_store_amend(const struct vnm_store *store, const struct vnm_network *net,
		    struct vnm_error *err);
int vnm_store_write_pending(const struct vnm_store *store, const struct vnm_network *net,
			    struct vnm_error *err);
int vnm_store_load_pending(const struct vnm_store *store, const char *name, struct vnm_network *ret,
			   struct vnm_error *err);
int vnm_store_commit(const struct vnm_store *store, const char *name, struct vnm_error *err);
int vnm_store_commit_undefine(const struct vnm_store *store, const char *name,
			      struct vnm_error *err);
int vnm_store_end_undefine(const struct vnm_store *store, const char *name, struct vnm_error *err);
int vnm_store_abort(const struct vnm_store *store, const char *name, struct vnm_error *err);
int vnm_store_remove(const struct vnm_store *store, const char *name, struct vnm_error *err);
int vnm_autostart_readable(int autostart_fd, const char *name, struct vnm_error *err);
bool vnm_autostart_get(int autostart_fd, const char *name);
int vnm_autostart_set(int autostart_fd, const char *name, bool on, struct vnm_error *err);
void vnm_names_sort(char **names, size_t n);
bool vnm_names_have(char *const *names, size_t n, const char *name);
void vnm_names_free(char **names, size_t n);

#endif
