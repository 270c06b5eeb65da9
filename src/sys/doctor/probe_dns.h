/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_dns.h - does a name server answer? */
#ifndef VNM_SYS_PROBE_DNS_H
#define VNM_SYS_PROBE_DNS_H

#include "doctor/case.h"

enum vnm_probe_result vnm_probe_dns(int fd, const struct vnm_addr *server, unsigned ms);
enum vnm_probe_result vnm_probe_dns_alive(int fd, const struct vnm_addr *server);

#endif
