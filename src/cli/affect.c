/* affect.c - which definitions a command is about: --live, --config, --current. */
#include "cli/cli_internal.h"

/**
 * vnm_cli_affect() - read --live, --config and --current
 * @cli: the call
 * @ret: bits of enum vnm_affect; 0 for --current, which is the default
 *
 * Return: 0, or -1 after the error was printed.
 */
int vnm_cli_affect(struct vnm_cli *cli, unsigned *ret)
{
	bool live = vnm_cli_seen(cli, VNM_OPT_LIVE), config = vnm_cli_seen(cli, VNM_OPT_CONFIG);

	if (vnm_cli_seen(cli, VNM_OPT_CURRENT) && (live || config)) {
		vnm_cli_error(cli, "Options --current and --%s are mutually exclusive",
			      live ? "live" : "config");
		return -1;
	}
	*ret = (live ? VNM_AFFECT_LIVE : 0) | (config ? VNM_AFFECT_CONFIG : 0);
	return 0;
}
