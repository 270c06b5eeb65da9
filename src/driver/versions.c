/* SPDX-License-Identifier: GPL-2.0-or-later */
/* versions.c - has another command changed a network meanwhile? See versions.h. */
#include "driver/versions.h"

#include <sys/stat.h>

#include "state/guest_store.h"
#include "state/journal.h"
#include "state/pending.h"
#include "state/session.h"
#include "util/mem.h"

/* One that is being attached or detached. */
static bool has_pending_guest(struct vnm_driver *drv, const char *name)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, name, false, &ignored);
	const struct vnm_store store = { made, name, VNM_VOLATILE };
	char **devs;
	size_t n = 0;

	if (made < 0 || vnm_store_names(&store, ".journal" VNM_PENDING, &devs, &n, &ignored) < 0)
		return false;
	vnm_names_free(devs, n);
	return n > 0;
}

/** vnm_driver_changing() - is another command changing the network? Half a change looks like a fault */
bool vnm_driver_changing(struct vnm_driver *drv, const char *name)
{
	return vnm_journal_has_pending(drv->run_fd, name) || has_pending_guest(drv, name);
}

/* A missing file has a version, too. */
static struct vnm_version_of_file version_of(const char *path)
{
	struct stat st = { 0 };

	if (lstat(path, &st) < 0)
		return (struct vnm_version_of_file){ 0 };
	return (struct vnm_version_of_file){ st.st_ino, st.st_size, st.st_mtim };
}

/** vnm_versions_of() - of a network as it is now; without the lock */
struct vnm_versions vnm_versions_of(struct vnm_driver *drv, const char *name)
{
	vnm_autofree char *journal = vnm_asprintf("%s/%s.journal", drv->paths.run, name);
	vnm_autofree char *made = vnm_attach_made_dir(&drv->paths, name);
	vnm_autofree char *guests = vnm_asprintf("%s/%s.xml", drv->paths.attachments, name);

	return (struct vnm_versions){
		.files = { version_of(journal), version_of(made), version_of(guests) },
		.changing = vnm_driver_changing(drv, name),
	};
}

/** vnm_versions_same() - has nobody changed the network between the two? */
bool vnm_versions_same(const struct vnm_versions *a, const struct vnm_versions *b)
{
	bool same = a->changing == b->changing;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(a->files); i++)
		same &= a->files[i].ino == b->files[i].ino &&
			a->files[i].size == b->files[i].size &&
			a->files[i].changed.tv_sec == b->files[i].changed.tv_sec &&
			a->files[i].changed.tv_nsec == b->files[i].changed.tv_nsec;
	return same;
}
