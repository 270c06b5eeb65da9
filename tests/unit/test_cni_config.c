/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cni_config.c - what container runtimes send the CNI plugin, and what it says of the rest. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>

#include "cni/config.h"
#include "cni/env.h"
#include "model/vlan.h"
#include "util/mem.h"

const char vnm_suite[] = "cni/config";

#define HEAD "{\"cniVersion\":\"1.0.0\",\"name\":\"lab\""
#define RUNTIME(text) HEAD ",\"runtimeConfig\":{" text "}}"
#define TRUNK(text) HEAD ",\"vlanTrunk\":[" text "]}"

static const struct {
	const char *text;
	enum vnm_cni_code code;
	const char *msg; /* begins so */
} refused[] = {
	{ "", VNM_CNI_CODE_DECODE, "the configuration, line 1: " },
	{ "[]", VNM_CNI_CODE_DECODE, "the configuration is no JSON object" },
	{ "{\"cniVersion\":\"1.0.0\",\n x}", VNM_CNI_CODE_DECODE, "the configuration, line 2: " },
	{ "{}", VNM_CNI_CODE_VERSION, "unsupported cniVersion ''" },
	{ "{\"cniVersion\":\"2.0.0\",\"name\":\"x\"}", VNM_CNI_CODE_VERSION,
	  "unsupported cniVersion '2.0.0'" },
	{ "{\"cniVersion\":\"1.0.0\"}", VNM_CNI_CODE_CONFIG, "'' is not the name of a network" },
	{ "{\"cniVersion\":\"1.0.0\",\"name\":\"../x\"}", VNM_CNI_CODE_CONFIG,
	  "'../x' is not the name" },
	{ HEAD ",\"network\":7}", VNM_CNI_CODE_CONFIG,
	  "\"network\" of the configuration must be a string" },
	{ HEAD ",\"network\":\"a\\u0000b\"}", VNM_CNI_CODE_DECODE, "the configuration, line 1: " },
	{ HEAD ",\"isolated\":\"yes\"}", VNM_CNI_CODE_CONFIG,
	  "\"isolated\" of the configuration must be true" },
	{ HEAD ",\"vlan\":\"42\"}", VNM_CNI_CODE_CONFIG,
	  "\"vlan\" of the configuration must be a number from 1 to 4094" },
	{ HEAD ",\"vlan\":4095}", VNM_CNI_CODE_CONFIG, "\"vlan\" of the configuration must" },
	{ HEAD ",\"vlan\":-1}", VNM_CNI_CODE_CONFIG, "\"vlan\" of the configuration must" },
	{ HEAD ",\"vlan\":4294967338}", VNM_CNI_CODE_CONFIG, "\"vlan\" of the configuration" },
	{ HEAD ",\"vlanTrunk\":42}", VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the configuration" },
	{ TRUNK("{}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the configuration must be a list" },
	{ TRUNK("7"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the configuration must be a list" },
	{ TRUNK("{\"id\":0}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the configuration must" },
	{ TRUNK("{\"minID\":5}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the configuration must" },
	{ TRUNK("{\"id\":5,\"maxID\":9}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the" },
	{ TRUNK("{\"minID\":9,\"maxID\":5}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the" },
	{ TRUNK("{\"minID\":9,\"maxID\":4095}"), VNM_CNI_CODE_CONFIG, "\"vlanTrunk\" of the" },
	{ HEAD ",\"vlan\":42,\"vlanTrunk\":[{\"id\":43}]}", VNM_CNI_CODE_CONFIG,
	  "the configuration has \"vlan\" and \"vlanTrunk\"" },
	{ RUNTIME("\"mac\":\"52:54\""), VNM_CNI_CODE_CONFIG, "invalid MAC address: '52:54'" },
	{ RUNTIME("\"ips\":[\"1.2.3\"]"), VNM_CNI_CODE_CONFIG, "invalid IP address: '1.2.3'" },
	{ RUNTIME("\"ips\":[7]"), VNM_CNI_CODE_CONFIG, "invalid IP address: ''" },
	{ RUNTIME("\"ips\":\"1.2.3.4\""), VNM_CNI_CODE_CONFIG,
	  "\"ips\" of the configuration must be a list" },
	{ RUNTIME("\"aliases\":[\"a b\"]"), VNM_CNI_CODE_CONFIG,
	  "\"aliases\" of the configuration must be" },
	{ RUNTIME("\"portMappings\":[{\"hostPort\":70000,\"containerPort\":80}]"),
	  VNM_CNI_CODE_CONFIG, "\"portMappings\" of the configuration must be a list of ports" },
	{ RUNTIME("\"portMappings\":[{\"hostPort\":80}]"), VNM_CNI_CODE_CONFIG,
	  "\"portMappings\" of" },
	{ RUNTIME("\"portMappings\":[{\"hostPort\":8,\"containerPort\":8,\"protocol\":\"sctp\"}]"),
	  VNM_CNI_CODE_CONFIG, "\"portMappings\": ports of 'sctp' cannot be forwarded" },
	{ HEAD ",\"cni.dev/valid-attachments\":[{}]}", VNM_CNI_CODE_CONFIG,
	  "\"cni.dev/valid-attachments\" of the configuration must be" },
};

static void test_refused(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(refused); i++) {
		const char *text = refused[i].text;
		struct vnm_cni_config config = { 0 };
		struct vnm_cni_failure failure = { 0 };

		VNM_ASSERT_INT_EQ(vnm_cni_config_parse(text, strlen(text), &config, &failure), -1);
		VNM_ASSERT_INT_EQ(failure.code, refused[i].code);
		failure.msg[strlen(refused[i].msg)] = '\0';
		VNM_ASSERT_STR_EQ(failure.msg, refused[i].msg);
		vnm_cni_config_clear(&config);
	}
}

static void test_read(void)
{
	static const char text[] =
		"{\"cniVersion\":\"0.4.0\",\"name\":\"lab\",\"network\":\"default\","
		"\"unknown\":[{}],\"isolated\":true,\"isDefaultGateway\":false,\"runtimeConfig\":{"
		"\"mac\":\"52:54:00:00:00:09\",\"ips\":[\"192.168.122.9/24\",\"fd00::9\"],"
		"\"aliases\":{\"lab\":[\"web\",\"WEB\",\"db\"],\"other\":[\"x\"]},"
		"\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"hostIP\":\"0.0.0.0\"},"
		"{\"hostPort\":5,\"containerPort\":5,\"protocol\":\"UDP\","
		"\"hostIP\":\"127.0.0.1\"},"
		"{\"hostPort\":0,\"containerPort\":9}]},"
		"\"args\":{\"cni\":{\"mac\":\"52:54:00:00:00:08\",\"ips\":[\"192.168.122.8\"]}}}";
	struct vnm_cni_config config = { 0 };
	struct vnm_cni_failure failure = { 0 };
	const struct vnm_attachment *guest = &config.guest;
	char mac[VNM_MAC_STRLEN];

	VNM_ASSERT_INT_EQ(vnm_cni_config_parse(text, strlen(text), &config, &failure), 0);
	VNM_ASSERT_STR_EQ(config.network, "default");
	VNM_ASSERT_INT_EQ(config.version, VNM_CNI_SPEC_0_4_0);
	VNM_ASSERT_INT_EQ(guest->isolated, VNM_TRI_YES);
	VNM_ASSERT_INT_EQ(guest->gateway, VNM_TRI_NO);
	VNM_ASSERT_STR_EQ(vnm_mac_format(&guest->mac, mac), "52:54:00:00:00:09");
	VNM_ASSERT_INT_EQ(guest->n_ips, 2);
	VNM_ASSERT_INT_EQ(guest->ips[0].prefix.v, 24);
	VNM_ASSERT_INT_EQ(guest->ips[1].prefix.set, 0);
	VNM_ASSERT_INT_EQ(guest->n_aliases, 2);
	VNM_ASSERT_INT_EQ(guest->n_forwards, 2);
	VNM_ASSERT_INT_EQ(guest->forwards[0].address.family, 0);
	VNM_ASSERT_INT_EQ(guest->forwards[0].to_port.v, 80);
	VNM_ASSERT_INT_EQ(guest->forwards[1].proto, VNM_PROTO_UDP);
	VNM_ASSERT_INT_EQ(config.gc, 0);
	vnm_cni_config_clear(&config);
}

/* As the port's table of VLANs will be. */
static void test_vlans(void)
{
	static const struct {
		const char *text, *members;
	} all[] = {
		{ HEAD "}", NULL },
		{ HEAD ",\"vlan\":0,\"vlanTrunk\":null}", NULL },
		{ HEAD ",\"vlanTrunk\":[]}", NULL },
		{ HEAD ",\"vlan\":4094,\"vlanTrunk\":[]}", "4094:pvid:untagged" },
		{ TRUNK("{\"id\":42}"), "42" },
		{ TRUNK("{\"minID\":100,\"maxID\":102},{\"id\":101},"
			"{\"id\":7,\"minID\":9,\"maxID\":9}"),
		  "7,9,100,101,102" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(all); i++) {
		struct vnm_vlan_members members vnm_automembers = { 0 };
		struct vnm_cni_config config = { 0 };
		struct vnm_cni_failure failure = { 0 };
		const struct vnm_vlan *vlan = &config.guest.vlan;
		vnm_autofree char *text = NULL;

		VNM_ASSERT_INT_EQ(vnm_cni_config_parse(all[i].text, strlen(all[i].text), &config,
						       &failure),
				  0);
		vnm_vlan_members(vlan->at.present ? vlan : NULL, &members);
		text = vnm_vlan_members_format(&members);
		VNM_ASSERT_STR_EQ(text ? text : "", all[i].members ? all[i].members : "");
		vnm_cni_config_clear(&config);
	}
}

/* A list that is empty, and one that is missing, are two things. */
static void test_gc(void)
{
	static const char *const texts[] = {
		HEAD "}",
		HEAD ",\"cni.dev/valid-attachments\":[]}",
		HEAD ",\"cni.dev/attachments\":[{\"containerID\":\"c\",\"ifname\":\"eth0\"}]}",
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(texts); i++) {
		struct vnm_cni_config config = { 0 };
		struct vnm_cni_failure failure = { 0 };

		VNM_ASSERT_INT_EQ(
			vnm_cni_config_parse(texts[i], strlen(texts[i]), &config, &failure), 0);
		VNM_ASSERT_INT_EQ(config.gc, i > 0);
		VNM_ASSERT_INT_EQ(config.n_valid, i == 2);
		if (i == 2)
			VNM_ASSERT_STR_EQ(config.valid[0], "cni:c/eth0");
		vnm_cni_config_clear(&config);
	}
}

/* One call with these variables. Return: its failure's code. */
static enum vnm_cni_code read_env(const char *command, const char *container, const char *ifname,
				  const char *netns, struct vnm_cni_env *env)
{
	struct vnm_cni_failure failure = { 0 };

	setenv("CNI_COMMAND", command, 1);
	setenv("CNI_CONTAINERID", container, 1);
	setenv("CNI_IFNAME", ifname, 1);
	setenv("CNI_NETNS", netns, 1);
	return vnm_cni_env_read(env, &failure) < 0 ? failure.code : VNM_CNI_CODE_OK;
}

static void test_env(void)
{
	static const struct {
		const char *command, *container, *ifname, *netns;
		enum vnm_cni_code code;
	} calls[] = {
		{ "ADD", "0a-B_.c", "eth0", "/run/netns/x", VNM_CNI_CODE_OK },
		{ "ADD", "c", "eth0", "", VNM_CNI_CODE_ENVIRONMENT },
		{ "DEL", "c", "eth0", "", VNM_CNI_CODE_OK },
		{ "VERSION", "", "dummy/x", "dummy", VNM_CNI_CODE_OK },
		{ "GC", "", "", "", VNM_CNI_CODE_OK },
		{ "add", "c", "eth0", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "-c", "eth0", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "c/d", "eth0", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "c'd", "eth0", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "c", "eth0:1", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "c", "..", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "ADD", "c", "a234567890123456", "/x", VNM_CNI_CODE_ENVIRONMENT },
		{ "CHECK", "c", "eth0", "relative", VNM_CNI_CODE_ENVIRONMENT },
	};

	setenv("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=web;MAC=;x;IP=192.0.2.7", 1);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(calls); i++) {
		struct vnm_cni_env env = { 0 };

		VNM_ASSERT_INT_EQ(read_env(calls[i].command, calls[i].container, calls[i].ifname,
					   calls[i].netns, &env),
				  calls[i].code);
		if (calls[i].code == VNM_CNI_CODE_OK) {
			VNM_ASSERT_STR_EQ(env.pod, "web");
			VNM_ASSERT_STR_EQ(env.ip, "192.0.2.7");
			VNM_ASSERT_INT_EQ(env.mac != NULL, 0);
		}
		vnm_cni_env_clear(&env);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "refused", test_refused }, { "read", test_read },	  { "vlans", test_vlans },
	{ "gc", test_gc },	     { "environment", test_env }, { NULL, NULL },
};
