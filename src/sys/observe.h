/* observe.h - look at the host once, before anything is decided. */
#ifndef VNM_SYS_OBSERVE_H
#define VNM_SYS_OBSERVE_H

#include "sys.h"

int vnm_observe(struct vnm_sys *sys, struct vnm_facts *ret, struct vnm_error *err);

#endif
