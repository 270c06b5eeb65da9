/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * survey.c - reads at once what commands compare many networks with.
 *
 * Without the lock nothing is read ahead: what a network is compared with is to be as new as what is read of it, and
 * rules in our chains may be of a network that was started after the journals were read.
 */
#include "run/survey.h"

#include "run/health.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_expected.h"
#include "sys/link/seen.h"

/**
 * vnm_driver_survey() - read all devices, addresses and rules, and the rules that there should be
 * @drv: the driver; what was read holds until vnm_driver_survey_end(), and devices until one of them is changed
 * @rules: the rules, too
 * @ret: gets the journals, for reuse; or NULL
 */
void vnm_driver_survey(struct vnm_driver *drv, bool rules, struct vnm_journals *ret)
{
	if (drv->lock_fd < 0)
		return;
	if (rules)
		vnm_health_expect_rules(&drv->sys, &drv->journals, ret);
	vnm_devices_see(&drv->sys);
	if (rules)
		vnm_fw_see(&drv->sys);
}

/** vnm_driver_survey_end() - drop what was read */
void vnm_driver_survey_end(struct vnm_driver *drv)
{
	vnm_devices_forget(&drv->sys);
	vnm_fw_expected_drop(&drv->sys);
}
