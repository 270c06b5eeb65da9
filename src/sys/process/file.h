/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.h - the files that dnsmasq is given. */
#ifndef VNM_SYS_FILE_H
#define VNM_SYS_FILE_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_file;

#endif
