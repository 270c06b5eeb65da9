/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_input.h - the input of a network's plan. */
#ifndef VNM_PLAN_PLAN_INPUT_H
#define VNM_PLAN_PLAN_INPUT_H

#include "model/attach.h"
#include "model/network.h"
#include "model/port.h"
#include "plan/facts.h"

/**
 * struct vnm_plan_input - the input of a network's plan; nothing here is owned.
 * @net:    the definition, valid and complete: with bridge name and MAC for a bridge of our own
 * @facts:  what was observed of the host
 * @guests: those that are attached; NULL: none
 * @ports:  its ports
 * @paths:  of its dnsmasq's files; NULL: no dnsmasq
 */
struct vnm_plan_input {
	const struct vnm_network *net;
	const struct vnm_facts *facts;
	const struct vnm_attachments *guests;
	const struct vnm_port *ports;
	size_t n_ports;
	const struct vnm_dnsmasq_paths *paths;
};

#endif
