/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay.c - main() where there is no libFuzzer: each file of the seeds, or those that are named, once. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define SEED_MAX (4 * 1024 * 1024)

static int run_file(int dir, const char *path)
{
	vnm_autofree char *text = NULL;
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	ssize_t len;

	if (size < 0 || size > SEED_MAX)
		return fd < 0 ? 0 : close(fd), 0;
	text = vnm_alloc((size_t)size);
	len = pread(fd, text, (size_t)size, 0);
	close(fd);
	if (len != size)
		return 0;
	LLVMFuzzerTestOneInput((const uint8_t *)text, (size_t)size);
	return 1;
}

/* Every file of a directory; with @inside, the file of that name in each directory of it. */
static int run_directory(const char *path, const char *inside)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), runs = 0;

	for (int i = 0; i < n; i++) {
		vnm_autofree char *file = vnm_asprintf("%s/%s%s%s", path, entries[i]->d_name,
						       inside ? "/" : "", inside ? inside : "");

		if (entries[i]->d_name[0] != '.')
			runs += run_file(AT_FDCWD, file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return runs;
}

/** main() - replay. Return: 0; a finding ends it. */
int main(int argc, char **argv)
{
	vnm_autofree char *seeds =
		vnm_asprintf("%s/tests/fuzz/seeds/%s", VNM_TEST_SRCDIR, vnm_fuzz_name);
	int runs = 0;

	for (int i = 1; i < argc; i++)
		runs += run_file(AT_FDCWD, argv[i]);
	if (argc == 1) {
		runs = run_directory(seeds, NULL);
		if (!strcmp(vnm_fuzz_name, "network"))
			runs += run_directory(VNM_TEST_SRCDIR "/tests/data", "in.xml");
	}
	printf("%s: %d inputs\n", vnm_fuzz_name, runs);
	return runs == 0;
}
