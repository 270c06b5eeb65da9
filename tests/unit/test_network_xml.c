/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_network_xml.c - from text to struct and back: what is no XML of ours, and that nothing is lost. What comes
 * out, byte for byte, stands in tests/data (golden.c); what the vocabulary takes, in test_vocabulary.c.
 */
#include "runner.h"
#include "schema.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>

#include "util/file.h"
#include "util/mem.h"
#include "xml/document.h"
#include "xml/network_xml.h"
#include "xml/vocabulary.h"

const char vnm_suite[] = "network_xml";

static int parse(const char *xml, struct vnm_network *net, struct vnm_error *err)
{
	return vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, err);
}

#define NET(body) "<network><name>t</name>" body "</network>"

/* ---- the parser ---- */

static void not_parsed(const char *xml, size_t len, int r, const char *msg)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_INT_EQ(vnm_network_xml_parse(xml, len, "t.xml", &net, &err), r);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_XML_SYNTAX);
	CU_ASSERT(!net.at.present);
	if (msg)
		VNM_ASSERT_STR_EQ(err.msg, msg);
}

static void syntax(void)
{
	static const struct {
		const char *xml, *msg;
	} cases[] = {
		{ "", NULL },
		{ "   \n", NULL },
		{ "hello", NULL },
		{ "<network>", NULL },
		{ "<network>\n  <name>t</nam>\n</network>", "t.xml:2:16: ..." },
		{ "<network><name>t</name></network><network/>", NULL },
		{ "<network a='1' a='2'/>", NULL },
		{ "<network><name>&foo;</name></network>", "t.xml:1:21: ..." },
		{ "<network><name>t\xff</name></network>", NULL },
		{ "<network><name>\xc3</name></network>", NULL },
		{ "<network><name>&#0;</name></network>", NULL },
		{ "<network><name>\x01</name></network>", NULL },
		{ "<network><x:y/></network>", NULL },
		{ "<?xml version='1.0' encoding='nosuch'?><network/>", NULL },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		not_parsed(cases[i].xml, strlen(cases[i].xml), -EINVAL, cases[i].msg);
	not_parsed("<network><name>t\0</name></network>", 34, -EINVAL, NULL);
}

static int n_fetched;

static xmlParserInput *fetch(const char *url, const char *id, xmlParserCtxt *ctxt)
{
	(void)url, (void)id, (void)ctxt;
	n_fetched++;
	return NULL;
}

/* None of them may do anything at all: no entity is defined, nothing is fetched. */
static void doctype(void)
{
	static const char *const cases[] = {
		"<!DOCTYPE network>" NET(""),
		"<?xml version='1.0'?>\n<!DOCTYPE network SYSTEM 'file:///etc/hostname'>" NET(""),
		"<!DOCTYPE network PUBLIC '-//x//EN' 'http://127.0.0.1:1/x.dtd'>" NET(""),
		"<!DOCTYPE network [<!ENTITY x 'y'>]><network><name>&x;</name></network>",
		"<!DOCTYPE network [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><network><name>"
		"&x;</name></network>",
		"<!DOCTYPE network [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>" NET(""),
		"<!DOCTYPE network [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
		"'&a;&a;&a;&a;&a;&a;&a;&a;'>]><network>&b;</network>",
		"<!DOCTYPE network [<!ATTLIST bridge stp CDATA 'off'>]>" NET("<bridge/>"),
		"<!DOCTYPE network [<!ENTITY x 'y'>]",
		"<!DOCTYPE network",
	};

	xmlExternalEntityLoader loader = xmlGetExternalEntityLoader();

	xmlSetExternalEntityLoader(fetch);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		not_parsed(cases[i], strlen(cases[i]), -EINVAL, NULL);
	xmlSetExternalEntityLoader(loader);
	VNM_ASSERT_INT_EQ(n_fetched, 0);
	not_parsed(cases[1], strlen(cases[1]), -EINVAL,
		   "t.xml:2:48: a document type declaration (DOCTYPE) is not allowed; remove it");
}

static void repeat(struct vnm_buf *out, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		vnm_buf_add(out, text);
}

static void limits(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	vnm_buf_add(&xml, NET(""));
	while (xml.len < VNM_XML_MAX)
		vnm_buf_addc(&xml, ' ');
	VNM_ASSERT_OK(vnm_network_xml_parse(xml.data, xml.len, "t.xml", &net, &err), err);
	vnm_buf_addc(&xml, ' ');
	not_parsed(xml.data, xml.len, -EFBIG, "t.xml: larger than 1048576 bytes");

	vnm_buf_clear(&xml);
	repeat(&xml, "<network>", 1000);
	not_parsed(xml.data, xml.len, -EINVAL, NULL);
}

/* To compare each with each would take minutes. */
static void crowds(void)
{
	vnm_autobuf struct vnm_buf xml = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	vnm_buf_add(&xml, "<network>\n<name");
	for (int i = 0; i < 100000; i++)
		vnm_buf_printf(&xml, " a%x=''", (unsigned)i);
	vnm_buf_add(&xml, "/></network>");
	not_parsed(xml.data, xml.len, -EINVAL, "t.xml:2: an element with more than 512 attributes");

	vnm_buf_clear(&xml);
	vnm_buf_add(&xml, "<network><!-- ");
	repeat(&xml, "=", 1000);
	vnm_buf_add(&xml, " --><name>t</name><domain name='d");
	repeat(&xml, "=", 500);
	vnm_buf_add(&xml, "'/></network>");
	VNM_ASSERT_OK(vnm_network_xml_parse(xml.data, xml.len, "t.xml", &net, &err), err);
}

/* libxml2 goes on as if nothing had happened in some places when there is no memory; ours does not come back. */
static void no_memory(void)
{
	int status = 0;
	pid_t pid;

	vnm_document_init();
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDERR_FILENO);
		_exit(xmlMalloc((size_t)1 << 62) ? 3 : 2);
	}
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status));
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status), 1);
}

/* ---- the schema itself ---- */

static void no_schema(const char *path, const char *part)
{
	struct vnm_schema *schema = NULL;
	struct vnm_error err = { 0 };

	CU_ASSERT(vnm_schema_load(path, &schema, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_STATE);
	CU_ASSERT_PTR_NULL(schema);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, path));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, part));
}

static void schema_missing(void)
{
	struct vnm_test_dir dir vnm_autotestdir = { 0 };
	static const char broken[] =
		"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><ref name='no'/>"
		"</start></grammar>";
	static const char lonely[] =
		"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='no.rng'/>"
		"<start><element name='a'><empty/></element></start></grammar>";
	vnm_autofree char *a = NULL, *b = NULL, *c = NULL;

	vnm_test_dir_make(&dir);
	a = vnm_asprintf("%s/none.rng", dir.path);
	b = vnm_asprintf("%s/broken.rng", dir.path);
	c = vnm_asprintf("%s/lonely.rng", dir.path);
	VNM_ASSERT_INT_EQ(vnm_file_replace(dir.fd, "broken.rng", broken, strlen(broken), 0644,
					   (gid_t)-1, VNM_VOLATILE),
			  0);
	VNM_ASSERT_INT_EQ(vnm_file_replace(dir.fd, "lonely.rng", lonely, strlen(lonely), 0644,
					   (gid_t)-1, VNM_VOLATILE),
			  0);
	no_schema(a, "none.rng");
	no_schema(b, "no");
	no_schema(c, "no.rng");
	vnm_schema_free(NULL);
}

/* ---- nothing is lost ---- */

/* Reads @xml; what is printed of it, and of a copy, reads as the same again. */
static void round_trip(const char *xml, const char *what)
{
	vnm_autonetwork struct vnm_network net = { 0 }, again = { 0 }, copy = { 0 };
	vnm_autobuf struct vnm_buf first = { 0 }, second = { 0 }, third = { 0 };
	struct vnm_error err = { 0 };

	if (parse(xml, &net, &err) < 0)
		return;
	vnm_network_xml_format(&net, &first);
	VNM_ASSERT_OK_FATAL(parse(first.data, &again, &err), err);
	vnm_network_xml_format(&again, &second);
	vnm_check_str(what, second.data, first.data, __FILE__, __LINE__, 0);
	vnm_network_copy(&net, &copy);
	VNM_ASSERT_STR_EQ(copy.file, net.file);
	CU_ASSERT(copy.name != net.name && copy.file != net.file);
	vnm_network_clear(&net);
	CU_ASSERT(!net.name && !net.file && !net.at.present && !net.ips && !net.dns.at.present);
	vnm_network_xml_format(&copy, &third);
	vnm_check_str(what, third.data, first.data, __FILE__, __LINE__, 0);
}

/* Every definition that there is in the tree. */
static void round_trips(const char *dir, const char *file)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", vnm_test_srcdir(), dir);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), done = 0;

	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		vnm_autofree char *name = vnm_asprintf("%s/%s%s", path, entries[i]->d_name, file);
		vnm_autofree char *xml = NULL;

		if (entries[i]->d_name[0] != '.' &&
		    vnm_file_read(AT_FDCWD, name, VNM_XML_MAX, &xml, NULL) == 0) {
			round_trip(xml, entries[i]->d_name);
			done++;
		}
		free(entries[i]);
	}
	free(entries);
	CU_ASSERT(done > 5);
}

static void nothing_lost(void)
{
	round_trips("tests/data", "/in.xml");
	round_trips("networks", "");
}

/* ---- the reader and the schema ---- */

/* What the reader refuses the schema refuses as well, alone. Returns how many were refused. */
static int both_refuse(const struct vnm_schema *schema, const char *xml, size_t len,
		       const char *what)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error by_reader = { 0 }, by_schema = { 0 };

	if (vnm_network_xml_parse(xml, len, "in.xml", &net, &by_reader) == 0)
		return 0;
	/* No RelaxNG schema can say that two namespaces must differ. */
	if (strstr(by_reader.msg, "a second element of the namespace"))
		return 1;
	if (vnm_network_xml_check(xml, len, "in.xml", schema, &by_schema) == 0) {
		printf("\n%s: the schema takes what the reader refuses: %s\n", what, by_reader.msg);
		CU_FAIL("a hole in the schema");
	}
	CU_ASSERT(by_schema.code == VNM_ERR_XML_SYNTAX || by_schema.code == VNM_ERR_XML_SCHEMA);
	VNM_ASSERT_INT_EQ(by_schema.code == VNM_ERR_XML_SYNTAX,
			  by_reader.code == VNM_ERR_XML_SYNTAX);
	return 1;
}

static void schema_agrees(void)
{
	vnm_autofree char *data = vnm_asprintf("%s/tests/data", vnm_test_srcdir());
	vnm_autoschema struct vnm_schema *schema = load_schema("network.rng");
	struct dirent **entries;
	int n, refused = 0;

	n = scandir(data, &entries, NULL, alphasort);
	CU_ASSERT_FATAL(n > 0);
	for (int i = 0; i < n; i++) {
		vnm_autofree char *name = vnm_asprintf("%s/%s/in.xml", data, entries[i]->d_name);
		vnm_autofree char *xml = NULL;
		size_t len;

		if (vnm_file_read(AT_FDCWD, name, VNM_XML_MAX, &xml, &len) == 0)
			refused += both_refuse(schema, xml, len, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	CU_ASSERT(refused > 80);
}

/* Every row of the tables has a value in here, so a row that is read and not printed shows. */
static const char everything[] =
	"<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' "
	"xmlns:vnm='urn:vnetmgr:network:1' ipv6='yes' trustGuestRxFilters='yes'>\n"
	"  <name>t</name>\n"
	"  <uuid>5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7</uuid>\n"
	"  <title>T</title>\n"
	"  <description>of several\n\tlines</description>\n"
	"  <metadata>\n"
	"    <x:a xmlns:x=\"urn:x\"/>\n"
	"  </metadata>\n"
	"  <forward dev='eth9' mode='hostdev' managed='yes' vnm:host='yes'>\n"
	"    <driver name='vfio' model='m' iommufd='no'/>\n"
	"    <nat ipv6='yes'>\n"
	"      <address start='203.0.113.1' end='203.0.113.9'/>\n"
	"      <port start='2000' end='3000'/>\n"
	"    </nat>\n"
	"    <pf dev='eth8'/>\n"
	"    <interface dev='eth9'/>\n"
	"    <address type='pci' domain='0x0001' bus='0x02' slot='0x1f' function='0x7'/>\n"
	"  </forward>\n"
	"  <bridge name='br7' zone='z' stp='off' delay='3' macTableManager='kernel' "
	"vnm:groupForwardMask='0x4008' vnm:multicastSnooping='yes' vnm:multicastQuerier='no'/>\n"
	"  <mtu size='1400'/>\n"
	"  <mac address='52:54:00:01:02:03'/>\n"
	"  <domain name='lab.test' localOnly='yes' register='yes'/>\n"
	"  <dns enable='yes' forwardPlainNames='no'>\n"
	"    <forwarder domain='corp.example' addr='192.0.2.53' port='5353'/>\n"
	"    <txt name='a' value='b'/>\n"
	"    <srv service='ldap' protocol='tcp' domain='lab.test' target='x' port='1' "
	"priority='2' weight='3'/>\n"
	"    <host ip='10.0.0.5'>\n"
	"      <hostname>h</hostname>\n"
	"    </host>\n"
	"  </dns>\n"
	"  <vlan trunk='yes'>\n"
	"    <tag id='5' nativeMode='tagged'/>\n"
	"  </vlan>\n"
	"  <bandwidth>\n"
	"    <inbound average='1' peak='2' floor='4' burst='3'/>\n"
	"    <outbound average='1' peak='2' floor='4' burst='3'/>\n"
	"  </bandwidth>\n"
	"  <port isolated='yes'/>\n"
	"  <ip family='ipv4' address='10.0.0.1' netmask='255.255.255.0' localPtr='yes'>\n"
	"    <tftp root='/srv'/>\n"
	"    <dhcp>\n"
	"      <range start='10.0.0.2' end='10.0.0.9'>\n"
	"        <lease expiry='2' unit='hours'/>\n"
	"      </range>\n"
	"      <host mac='52:54:00:00:00:01' id='00:01' name='h' ip='10.0.0.3'>\n"
	"        <lease expiry='30' unit='minutes'/>\n"
	"      </host>\n"
	"      <bootp file='pxe' server='10.0.0.4'/>\n"
	"    </dhcp>\n"
	"  </ip>\n"
	"  <ip address='10.2.0.1' prefix='24'>\n"
	"  </ip>\n"
	"  <route family='ipv4' address='10.1.0.0' netmask='255.255.0.0' gateway='10.0.0.9' "
	"metric='7'/>\n"
	"  <route address='10.3.0.0' prefix='16' gateway='10.0.0.9'/>\n"
	"  <virtualport type='802.1Qbg'>\n"
	"    <parameters managerid='1' typeid='2' typeidversion='3' "
	"instanceid='5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7' "
	"interfaceid='5599d7e3-f78d-4f9b-abc2-1a9384ffc5f7' profileid='p'/>\n"
	"  </virtualport>\n"
	"  <portgroup name='g' default='yes' trustGuestRxFilters='no'>\n"
	"    <port isolated='no'/>\n"
	"  </portgroup>\n"
	"  <dnsmasq:options>\n"
	"    <dnsmasq:option value='log-queries'/>\n"
	"  </dnsmasq:options>\n"
	"  <vnm:portForward proto='tcp' dev='eth9' address='203.0.113.1' port='80-90' "
	"to='10.0.0.3' toPort='8080' masquerade='yes' name='web'/>\n"
	"  <vnm:portForward proto='udp' port='53'>\n"
	"    <vnm:target address='10.0.0.3' port='54' weight='2'/>\n"
	"    <vnm:target address='10.0.0.4'/>\n"
	"  </vnm:portForward>\n"
	"  <vnm:redirect proto='tcp' port='80' toPort='3128'/>\n"
	"  <vnm:sourceNat dev='eth9' address='203.0.113.1' start='203.0.113.2' "
	"end='203.0.113.3' port='1024-2047'/>\n"
	"  <vnm:staticNat outside='203.0.113.4' inside='10.0.0.4'/>\n"
	"  <vnm:allow network='o' proto='tcp' port='443'/>\n"
	"  <vnm:uplink dev='eth8'/>\n"
	"  <vnm:guests servers='yes' bridges='yes' routers='yes'/>\n"
	"  <vnm:overlay vni='7' local='10.9.0.1' dev='eth9' port='8472' mtu='auto'>\n"
	"    <vnm:host index='1' of='2'/>\n"
	"    <vnm:evpn asn='65000' reflector='10.9.0.2' reflector2='10.9.0.3' listen='10.9.0.0/24' "
	"password='p' bfd='yes'/>\n"
	"    <vnm:peer address='10.9.0.2'/>\n"
	"  </vnm:overlay>\n"
	"  <vnm:vrf name='blue' table='10'/>\n"
	"</network>\n";

static bool attribute_shown(const char *elem, const struct vnm_field *field)
{
	vnm_autofree char *tag = vnm_asprintf("<%s ", elem);
	vnm_autofree char *attr = vnm_asprintf(" %s%s%s='", field->ns ? field->ns->prefix : "",
					       field->ns ? ":" : "", field->name);

	for (const char *p = strstr(everything, tag); p; p = strstr(p + 1, tag)) {
		const char *hit = strstr(p, attr);

		if (hit && hit < strchr(p, '>'))
			return true;
	}
	return false;
}

static void check_rows(const struct vnm_element *elem)
{
	for (size_t i = 0; i < elem->n_fields; i++) {
		const struct vnm_field *field = &elem->fields[i];
		const struct vnm_namespace *ns = field->element ? field->element->ns : NULL;
		vnm_autofree char *tag =
			vnm_asprintf("<%s%s%s", ns ? ns->prefix : "", ns ? ":" : "",
				     field->name ? field->name : "");

		if (field->flags & VNM_FIELD_OUTPUT)
			continue;
		if (field->kind == VNM_FIELD_ATTR ? !attribute_shown(elem->name, field)
						  : !strstr(everything, tag)) {
			printf("\n%s of <%s> is not in the text\n", field->name, elem->name);
			CU_FAIL("a row without a value");
		}
		if (field->element && !ns)
			check_rows(field->element);
	}
}

static void every_row(void)
{
	vnm_autonetwork struct vnm_network net = { 0 }, copy = { 0 };
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };
	const struct vnm_network zero = { 0 };

	check_rows(&vnm_element_network);
	VNM_ASSERT_OK_FATAL(parse(everything, &net, &err), err);
	vnm_network_copy(&net, &copy);
	vnm_network_clear(&net);
	CU_ASSERT(!memcmp(&net, &zero, sizeof(net)));
	vnm_network_xml_format_secret(&copy, &out);
	VNM_ASSERT_STR_EQ(out.data, everything);
}

/* What is made in memory, without a file or a line, prints as well. */
static void made_not_read(void)
{
	vnm_autonetwork struct vnm_network net = { .at.present = true,
						   .name = vnm_strdup("<a&b>") };
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_network_xml_format_secret(&net, &out);
	VNM_ASSERT_STR_EQ(
		out.data,
		"<network>\n  <name>&lt;a&amp;b&gt;</name>\n  <bridge stp='on' delay='0'/>"
		"\n</network>\n");
}

/* As for libvirt, an empty name asks for one. */
static void empty_bridge_name(void)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(parse(NET("<bridge name='' delay='2'/>"), &net, &err), err);
	CU_ASSERT(net.bridge.at.present && net.bridge.delay.v == 2);
	CU_ASSERT_PTR_NULL(net.bridge.name);
}

/* Neither of them prints anything; the library would, to standard error. */
static void quiet(void)
{
	FILE *file = tmpfile();
	int saved;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	syntax();
	doctype();
	schema_missing();
	fflush(stderr);
	VNM_ASSERT_INT_EQ(lseek(fileno(file), 0, SEEK_END), 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	fclose(file);
}

const struct vnm_test vnm_tests[] = {
	{ "syntax", syntax },
	{ "doctype", doctype },
	{ "limits", limits },
	{ "crowds", crowds },
	{ "no memory", no_memory },
	{ "schema missing", schema_missing },
	{ "nothing lost", nothing_lost },
	{ "schema agrees", schema_agrees },
	{ "every row", every_row },
	{ "made, not read", made_not_read },
	{ "empty bridge name", empty_bridge_name },
	{ "quiet", quiet },
	{ 0 },
};
