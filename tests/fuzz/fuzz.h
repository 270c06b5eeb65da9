/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - what the fuzz targets share: where they die, and what must be true of whatever is accepted.
 *
 * A target is one function, called with one input after the other. It is linked with libFuzzer
 * (configure --enable-fuzzer), or with replay.c, which runs the seeds and what was found once: "make check".
 */
#ifndef VNM_TESTS_FUZZ_FUZZ_H
#define VNM_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "model/network.h"
#include "plan/op/op.h"
#include "xml/network_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where the target finds inputs beside tests/fuzz/seeds/NAME: "data" for the definitions of tests/data. */
extern const char vnm_fuzz_name[];
extern const size_t vnm_fuzz_head; /* bytes before the XML, for mutate.c */

const struct vnm_schema *vnm_fuzz_schema(void);
void vnm_fuzz_true(int condition, const char *what, const char *text);
void vnm_fuzz_accepted(struct vnm_network *net, unsigned salt);
void vnm_fuzz_plan(const struct vnm_plan *plan);
unsigned vnm_fuzz_salt(const uint8_t *data, size_t size);

#endif
