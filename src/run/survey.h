/* SPDX-License-Identifier: GPL-2.0-or-later */
/* survey.h - reads at once what commands compare many networks with. */
#ifndef VNM_RUN_SURVEY_H
#define VNM_RUN_SURVEY_H

#include <stdbool.h>

struct vnm_driver;
struct vnm_journals;

void vnm_driver_survey(struct vnm_driver *drv, bool rules, struct vnm_journals *ret);
void vnm_driver_survey_end(struct vnm_driver *drv);

#endif
