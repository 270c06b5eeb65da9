/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vlan.c - the VLANs of a container, as CNI's own plugin "bridge" has them in its configuration.
 *
 *   "vlan": 42                                              the container's frames have no tag
 *   "vlanTrunk": [ { "id": 42 }, { "minID": 100, "maxID": 199 } ]   they have one, or are dropped
 */
#include "cni/vlan.h"

#include "model/vlan.h"
#include "util/mem.h"

static int bad_vlan(struct vnm_cni_failure *failure)
{
	return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG,
			    "\"vlan\" of the configuration must be a number from %d to %d",
			    VNM_VLAN_FIRST, VNM_VLAN_LAST);
}

static int bad_trunk(struct vnm_cni_failure *failure)
{
	return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG,
			    "\"vlanTrunk\" of the configuration must be a list of objects with "
			    "\"id\", or \"minID\" and \"maxID\", each from %d to %d",
			    VNM_VLAN_FIRST, VNM_VLAN_LAST);
}

static bool is_id(const json_t *value)
{
	json_int_t id = json_integer_value(value);

	return json_is_integer(value) && id >= VNM_VLAN_FIRST && id <= VNM_VLAN_LAST;
}

static void add_tag(struct vnm_vlan *vlan, uint32_t id)
{
	vlan->at.present = true;
	vlan->tags = vnm_array_add(vlan->tags, &vlan->n_tags, sizeof(*vlan->tags));
	vlan->tags[vlan->n_tags - 1] =
		(struct vnm_vlan_tag){ .at.present = true, .id = { true, id } };
}

/* The two forms may stand in one object, as for CNI's own plugin. */
static int read_trunk_item(const json_t *item, struct vnm_vlan *vlan,
			   struct vnm_cni_failure *failure)
{
	const json_t *id = json_object_get(item, "id");
	const json_t *min = json_object_get(item, "minID"), *max = json_object_get(item, "maxID");

	if ((!id && !min) || (id && !is_id(id)) || !min != !max)
		return bad_trunk(failure);
	if (id)
		add_tag(vlan, (uint32_t)json_integer_value(id));
	if (!min)
		return 0;
	if (!is_id(min) || !is_id(max) || json_integer_value(min) > json_integer_value(max))
		return bad_trunk(failure);
	for (json_int_t i = json_integer_value(min); i <= json_integer_value(max); i++)
		add_tag(vlan, (uint32_t)i);
	return 0;
}

static int read_trunk(const json_t *list, struct vnm_vlan *vlan, struct vnm_cni_failure *failure)
{
	int r = json_is_array(list) && json_array_size(list) <= VNM_VLAN_LAST ? 0
									      : bad_trunk(failure);

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
		r = read_trunk_item(json_array_get(list, i), vlan, failure);
	if (r == 0 && vlan->at.present)
		vlan->trunk = VNM_TRI_YES;
	return r;
}

/**
 * vnm_cni_vlan_read() - read the VLANs of a container
 * @config:  the configuration
 * @ret:     zeroed; not present: none are given. Freed with the attachment that it is part of
 * @failure: VNM_CNI_CODE_CONFIG
 *
 * Return: 0 or -1.
 */
int vnm_cni_vlan_read(const json_t *config, struct vnm_vlan *ret, struct vnm_cni_failure *failure)
{
	const json_t *vlan = json_object_get(config, "vlan");
	const json_t *trunk = json_object_get(config, "vlanTrunk");

	/* For that plugin 0 is the same as none. */
	if (json_is_integer(vlan) && json_integer_value(vlan) == 0)
		vlan = NULL;
	if (trunk && !json_is_null(trunk) && read_trunk(trunk, ret, failure) < 0)
		return -1;
	if (!vlan || json_is_null(vlan))
		return 0;
	if (!is_id(vlan))
		return bad_vlan(failure);
	if (ret->at.present)
		return vnm_cni_fail(failure, VNM_CNI_CODE_CONFIG,
				    "the configuration has \"vlan\" and \"vlanTrunk\"; leave "
				    "one of them out");
	add_tag(ret, (uint32_t)json_integer_value(vlan));
	return 0;
}
