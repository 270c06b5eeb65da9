/* SPDX-License-Identifier: GPL-2.0-or-later */
/* procedures.c - the procedures that a client may call: one table. */
#include "rpc/procedures.h"

#include "rpc/call_change.h"
#include "rpc/call_connect.h"
#include "rpc/call_leases.h"
#include "rpc/call_metadata.h"
#include "rpc/call_port_rates.h"
#include "rpc/call_ports.h"
#include "rpc/call_query.h"
#include "rpc/events.h"
#include "util/mem.h"

/* clang-format off */
#define SHAPE(type) { (xdrproc_t)xdr_vnm_rpc_##type, sizeof(vnm_rpc_##type) }
#define INT { (xdrproc_t)xdr_int, sizeof(int) }
#define NONE { vnm_rpc_xdr_nothing, 0 }
#define NET SHAPE(net)
#define STRING SHAPE(string)

#define FIRST (VNM_RPC_MAY_READ_ONLY | VNM_RPC_MAY_UNOPENED)
#define ANY VNM_RPC_MAY_READ_ONLY
#define LOOK (VNM_RPC_MAY_READ_ONLY | VNM_RPC_MAY_LOOK)
#define CHANGE VNM_RPC_MAY_CHANGE
#define DEFINE (VNM_RPC_MAY_CHANGE | VNM_RPC_MAY_DEFINE | VNM_RPC_MAY_BE_FIRST)

static const struct vnm_rpc_procedure procedures[] = {
	/* The connection */
	{ 1, "virConnectOpen", SHAPE(open_args), NONE, vnm_rpc_connect_open, FIRST },
	{ 2, "virConnectClose", NONE, NONE, vnm_rpc_connect_close, ANY },
	{ 3, "virConnectGetType", NONE, STRING, vnm_rpc_connect_type, ANY },
	{ 60, "virConnectSupportsFeature", INT, INT, vnm_rpc_connect_feature, FIRST },
	{ 66, "virConnectAuthList", NONE, SHAPE(ints), vnm_rpc_connect_auth, FIRST },
	{ 110, "virConnectGetURI", NONE, STRING, vnm_rpc_connect_uri, ANY },
	{ 149, "virConnectIsSecure", NONE, INT, vnm_rpc_connect_secure, ANY },
	{ 157, "virConnectGetLibVersion", NONE, SHAPE(number), vnm_rpc_connect_version, ANY },
	{ 360, "virConnectRegisterCloseCallback", NONE, NONE, vnm_rpc_connect_nothing, ANY },
	{ 361, "virConnectUnregisterCloseCallback", NONE, NONE, vnm_rpc_connect_nothing, ANY },
	{ 419, "virConnectSetIdentity", SHAPE(identity_args), NONE, vnm_rpc_connect_identity, ANY },

	/* Which networks there are, and what they are like */
	{ 36, "virConnectListDefinedNetworks", INT, SHAPE(names), vnm_rpc_names_inactive, LOOK },
	{ 38, "virConnectListNetworks", INT, SHAPE(names), vnm_rpc_names_active, LOOK },
	{ 50, "virConnectNumOfDefinedNetworks", NONE, INT, vnm_rpc_count_inactive, LOOK },
	{ 52, "virConnectNumOfNetworks", NONE, INT, vnm_rpc_count_active, LOOK },
	{ 283, "virConnectListAllNetworks", SHAPE(list_args), SHAPE(nets), vnm_rpc_list, LOOK },
	{ 43, "virNetworkGetXMLDesc", SHAPE(net_flags_args), STRING, vnm_rpc_get_xml, LOOK },
	{ 44, "virNetworkGetAutostart", NET, INT, vnm_rpc_get_autostart, LOOK },
	{ 45, "virNetworkGetBridgeName", NET, STRING, vnm_rpc_get_bridge, LOOK },
	{ 46, "virNetworkLookupByName", STRING, NET, vnm_rpc_lookup_name, LOOK },
	{ 47, "virNetworkLookupByUUID", SHAPE(uuid), NET, vnm_rpc_lookup_uuid, LOOK },
	{ 152, "virNetworkIsActive", NET, INT, vnm_rpc_is_active, LOOK },
	{ 153, "virNetworkIsPersistent", NET, INT, vnm_rpc_is_persistent, LOOK },
	{ 341, "virNetworkGetDHCPLeases", SHAPE(leases_args), SHAPE(leases),
	  vnm_rpc_get_leases, LOOK },
	{ 445, "virNetworkGetMetadata", SHAPE(get_metadata_args), STRING,
	  vnm_rpc_get_metadata, LOOK },

	/* Changes */
	{ 39, "virNetworkCreate", NET, NONE, vnm_rpc_start, CHANGE, "net-start" },
	{ 40, "virNetworkCreateXML", STRING, NET, vnm_rpc_create_xml, CHANGE, "net-create" },
	{ 41, "virNetworkDefineXML", STRING, NET, vnm_rpc_define_xml, DEFINE, "net-define" },
	{ 42, "virNetworkDestroy", NET, NONE, vnm_rpc_destroy, CHANGE, "net-destroy" },
	{ 48, "virNetworkSetAutostart", SHAPE(autostart_args), NONE,
	  vnm_rpc_set_autostart, CHANGE, "net-autostart" },
	{ 49, "virNetworkUndefine", NET, NONE, vnm_rpc_undefine, CHANGE, "net-undefine" },
	{ 291, "virNetworkUpdate", SHAPE(update_args), NONE, vnm_rpc_update, CHANGE, "net-update" },
	{ 432, "virNetworkDefineXMLFlags", SHAPE(xml_args), NET,
	  vnm_rpc_define_xml_flags, DEFINE, "net-define" },
	{ 437, "virNetworkCreateXMLFlags", SHAPE(xml_args), NET,
	  vnm_rpc_create_xml_flags, CHANGE, "net-create" },
	{ 444, "virNetworkSetMetadata", SHAPE(set_metadata_args), NONE,
	  vnm_rpc_set_metadata, CHANGE, "net-metadata" },

	/* Ports */
	{ 404, "virNetworkListAllPorts", SHAPE(ports_args), SHAPE(ports),
	  vnm_rpc_list_ports, LOOK },
	{ 405, "virNetworkPortLookupByUUID", SHAPE(port_lookup_args), SHAPE(port),
	  vnm_rpc_lookup_port, LOOK },
	{ 406, "virNetworkPortCreateXML", SHAPE(port_xml_args), SHAPE(port),
	  vnm_rpc_create_port, CHANGE, "net-port-create" },
	{ 407, "virNetworkPortGetParameters", SHAPE(port_get_args), SHAPE(params),
	  vnm_rpc_get_port_rates, LOOK },
	{ 408, "virNetworkPortSetParameters", SHAPE(port_set_args), NONE,
	  vnm_rpc_set_port_rates, CHANGE, "net-port-rates" },
	{ 409, "virNetworkPortGetXMLDesc", SHAPE(port_flags_args), STRING,
	  vnm_rpc_get_port_xml, LOOK },
	{ 410, "virNetworkPortDelete", SHAPE(port_flags_args), NONE,
	  vnm_rpc_delete_port, CHANGE, "net-port-delete" },

	/* Events */
	{ 313, "virConnectNetworkEventRegisterAny", SHAPE(register_args), INT,
	  vnm_rpc_register_events, ANY },
	{ 314, "virConnectNetworkEventDeregisterAny", INT, NONE, vnm_rpc_deregister_events, ANY },

	/* What clients ask beside networks, and need an answer to: there are none. An empty list is a 0, too. */
	{ 21, "virConnectListDefinedDomains", INT, INT, vnm_rpc_connect_nothing, ANY },
	{ 25, "virConnectNumOfDefinedDomains", NONE, INT, vnm_rpc_connect_nothing, ANY },
	{ 37, "virConnectListDomains", INT, INT, vnm_rpc_connect_nothing, ANY },
	{ 51, "virConnectNumOfDomains", NONE, INT, vnm_rpc_connect_nothing, ANY },
	{ 71, "virConnectNumOfStoragePools", NONE, INT, vnm_rpc_connect_nothing, ANY },
	{ 72, "virConnectListStoragePools", INT, INT, vnm_rpc_connect_nothing, ANY },
	{ 73, "virConnectNumOfDefinedStoragePools", NONE, INT, vnm_rpc_connect_nothing, ANY },
	{ 74, "virConnectListDefinedStoragePools", INT, INT, vnm_rpc_connect_nothing, ANY },
	{ 178, "virConnectNumOfNWFilters", NONE, INT, vnm_rpc_connect_nothing, ANY },
	{ 179, "virConnectListNWFilters", INT, INT, vnm_rpc_connect_nothing, ANY },
};
/* clang-format on */

/** vnm_rpc_procedure_find() - the procedure of a number, or NULL */
const struct vnm_rpc_procedure *vnm_rpc_procedure_find(int number)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(procedures); i++)
		if (procedures[i].number == number)
			return &procedures[i];
	return NULL;
}
