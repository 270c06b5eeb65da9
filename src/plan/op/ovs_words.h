/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovs_words.h - what ovs-vsctl(8) is told of a guest's port: the arguments, for what is done and for what is shown. */
#ifndef VNM_PLAN_OVS_WORDS_H
#define VNM_PLAN_OVS_WORDS_H

#include "plan/op/op_types.h"

/** struct vnm_ovs_words - @items: each allocated, NULL behind the last */
struct vnm_ovs_words {
	char **items;
	size_t n;
};

#define vnm_autowords __attribute__((cleanup(vnm_ovs_words_clear)))

void vnm_ovs_words_append(struct vnm_ovs_words *words, const char *const *list);
void vnm_ovs_word(struct vnm_ovs_words *words, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_ovs_words_add(const struct vnm_op_ovs_port *port, struct vnm_ovs_words *ret);
void vnm_ovs_words_del(const struct vnm_op_ovs_port *port, struct vnm_ovs_words *ret);
void vnm_ovs_words_clear(struct vnm_ovs_words *words);

#endif
