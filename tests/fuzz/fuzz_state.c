/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_state.c - the other files of the state. The first letter says which reader gets the rest: a port (p), the
 * attachments of a network (a), the record of a process (r); or what a command makes of <metadata> (m) and of an
 * XPath expression, up to the end of the line (x).
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"
#include "util/proc_record.h"
#include "xml/attach_xml.h"
#include "xml/metadata.h"
#include "xml/port_xml.h"
#include "xml/xpath.h"

const char vnm_fuzz_name[] = "state";
const size_t vnm_fuzz_head = 1;

static void read_port(const char *text, size_t len)
{
	vnm_autoport struct vnm_port port = { 0 }, again = { 0 };
	vnm_autobuf struct vnm_buf is = { 0 }, second = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_port_xml_parse(text, len, "p.xml", &port, &err) < 0)
		return;
	vnm_port_xml_format(&port, &is);
	vnm_fuzz_true(vnm_port_xml_parse(is.data, is.len, "again", &again, &err) == 0, err.msg,
		      is.data);
	vnm_port_xml_format(&again, &second);
	vnm_fuzz_true(!strcmp(is.data, second.data), "another port", second.data);
}

static void read_attachments(const char *text, size_t len)
{
	vnm_autoattachments struct vnm_attachments list = { 0 }, again = { 0 };
	vnm_autobuf struct vnm_buf is = { 0 }, second = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_attachments_parse(text, len, "a.xml", &list, &err) < 0)
		return;
	vnm_attachments_format(&list, &is);
	vnm_fuzz_true(vnm_attachments_parse(is.data, is.len, "again", &again, &err) == 0, err.msg,
		      is.data);
	vnm_attachments_format(&again, &second);
	vnm_fuzz_true(!strcmp(is.data, second.data), "other attachments", second.data);
}

/* A file in memory has no directory; so one is kept for it. */
static void read_record(const char *text, size_t len)
{
	char path[] = "/tmp/vnm-fuzz.XXXXXX";
	struct vnm_proc_id id = { 0 };
	vnm_autoclose int dir = mkdtemp(path) ? open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC) : -1;

	if (dir < 0 || vnm_file_replace(dir, "r", text, len, 0600, (gid_t)-1, VNM_VOLATILE) < 0)
		abort();
	if (vnm_proc_record_read(dir, "r", &id) == 0)
		vnm_fuzz_true(id.pid > 0 && strlen(id.boot_id) == VNM_UUID_STRLEN - 1, "no process",
			      text);
	unlinkat(dir, "r", 0);
	rmdir(path);
}

static void read_metadata(const char *text)
{
	struct vnm_metadata_part *parts = NULL;
	vnm_autofree char *set = NULL, *got = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0;

	vnm_metadata_split(text, &parts, &n);
	vnm_metadata_parts_free(parts, n);
	if (vnm_metadata_set(NULL, "urn:x", "k", text, &set, &err) < 0)
		return;
	vnm_fuzz_true(vnm_metadata_get(set, "urn:x", &got, &err) == 0, err.msg, set);
}

static void read_xpath(const char *text)
{
	static const char doc[] =
		"<network><name>n</name><ip address='10.0.0.1'><dhcp/></ip></network>";
	vnm_autofree char *expression = vnm_strndup(text, strcspn(text, "\n"));
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };

	vnm_xpath_print(doc, strlen(doc), expression, strlen(text) & 1, &out, &err);
}

/** LLVMFuzzerTestOneInput() - a letter and a file. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vnm_autofree char *text = NULL;

	if (size == 0)
		return 0;
	text = vnm_strndup((const char *)data + 1, size - 1);
	switch (data[0]) {
	case 'p': read_port((const char *)data + 1, size - 1); break;
	case 'a': read_attachments((const char *)data + 1, size - 1); break;
	case 'r': read_record((const char *)data + 1, size - 1); break;
	case 'm': read_metadata(text); break;
	case 'x': read_xpath(text); break;
	default: break;
	}
	return 0;
}
