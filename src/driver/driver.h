/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.h - the operations on networks: the whole of vnetmgr below its command line.
 *
 * It declares nothing itself: it includes what a command line needs, and each of these headers declares what the file of its
 * name defines. A driver is one session with the state directories: opening it takes the lock and finishes or reverts what an
 * earlier command left unfinished, closing it releases the lock. A driver that only reads may do without it. Nothing in here
 * prints; lines for the user go through struct vnm_report.
 */
#ifndef VNM_DRIVER_DRIVER_H
#define VNM_DRIVER_DRIVER_H

#include "driver/annotate.h"
#include "driver/applied.h"
#include "driver/apply.h"
#include "driver/attach.h"
#include "driver/attach_hints.h"
#include "driver/attached.h"
#include "driver/backup.h"
#include "driver/define.h"
#include "driver/doctor.h"
#include "driver/dumpxml.h"
#include "driver/explain.h"
#include "driver/firewall.h"
#include "driver/forwards.h"
#include "driver/graph.h"
#include "driver/guard.h"
#include "driver/guest_address.h"
#include "driver/guest_id.h"
#include "driver/import.h"
#include "driver/keep.h"
#include "driver/lend.h"
#include "driver/metrics.h"
#include "driver/open.h"
#include "driver/ports.h"
#include "driver/query.h"
#include "driver/release.h"
#include "driver/rename.h"
#include "driver/repair.h"
#include "driver/results.h"
#include "driver/start.h"
#include "driver/stop.h"
#include "driver/takeover.h"
#include "driver/undefine.h"
#include "driver/update.h"
#include "model/attach.h"
#include "model/network.h"
#include "run/announce.h"
#include "run/definition.h"
#include "run/guest_mtu.h"
#include "run/guest_state.h"
#include "run/hook_process.h"
#include "run/live_update.h"
#include "state/assume.h"
#include "state/guard_record.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/host/change_log.h"
#include "sys/process/dnsmasq.h"
#include "util/error.h"
#include "xml/update/sections.h"
#include "xml/update/update.h"

#endif
