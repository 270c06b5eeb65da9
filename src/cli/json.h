/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.h - JSON for --json: values of our types, and documents. schemas/json/ says what is in them. */
#ifndef VNM_CLI_JSON_H
#define VNM_CLI_JSON_H

#include <jansson.h>
#include <time.h>

#include "model/network.h"
#include "util/parse.h"

#define VNM_JSON_TIME_SIZE 32

/* Values; NULL: absent, which leaves its key out. */
json_t *vnm_json_string(const char *s);
json_t *vnm_json_strings(const char *const *items, size_t n);
json_t *vnm_json_lines(const char *text);
json_t *vnm_json_addr(const struct vnm_addr *addr);
json_t *vnm_json_mac(const struct vnm_mac *mac);
json_t *vnm_json_uuid(const struct vnm_uuid *uuid);
json_t *vnm_json_number(uint64_t number);
json_t *vnm_json_time(const struct timespec *at, bool fraction);

json_t *vnm_json_new(void);
void vnm_json_set(json_t *object, const char *key, json_t *value);
void vnm_json_set_ports(json_t *object, const struct vnm_port_range *ports);
void vnm_json_print_line(const json_t *object);
void vnm_json_print(const json_t *document);

#endif
