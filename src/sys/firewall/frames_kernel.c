// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames_kernel.c - can rules match the name of a frame's bridge (CONFIG_NFT_BRIDGE_META)?
 *
 * A probe would take longer than starting a network: the kernel waits for a grace period of RCU, 10 to 15 ms, before it
 * answers a refused transaction. So its configuration is read instead, where available.
 */
#include "sys/firewall/frames_kernel.h"

#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define MODULE "kernel/net/bridge/netfilter/nft_meta_bridge.ko"
#define LIST_MAX (1u << 20)

/* @list: a file with a module in each line; compressed ones have a suffix. */
static bool is_listed(const char *release, const char *list)
{
	vnm_autofree char *path = vnm_asprintf("/lib/modules/%s/%s", release, list);
	vnm_autofree char *text = NULL;

	return vnm_file_read(AT_FDCWD, path, LIST_MAX, &text, NULL) == 0 && strstr(text, MODULE);
}

static bool is_built(const char *release)
{
	static const char *const endings[] = { "", ".xz", ".zst", ".gz" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(endings); i++) {
		vnm_autofree char *path =
			vnm_asprintf("/lib/modules/%s/" MODULE "%s", release, endings[i]);

		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/**
 * vnm_frames_by_name() - can a rule match a bridge by its name?
 *
 * Return: true if the configuration says so; the kernel may still refuse.
 */
bool vnm_frames_by_name(void)
{
	struct utsname kernel;

	if (access("/sys/module/nft_meta_bridge", F_OK) == 0)
		return true;
	return uname(&kernel) == 0 &&
	       (is_built(kernel.release) || is_listed(kernel.release, "modules.builtin"));
}
