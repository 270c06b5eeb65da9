/* test_metadata.c - <metadata> taken apart by namespace. */
#include "runner.h"

#include "util/mem.h"
#include "xml/metadata.h"

const char vnm_suite[] = "metadata";

static void splits(const char *metadata, const struct vnm_metadata_part *should, size_t n_should)
{
	struct vnm_metadata_part *parts;
	size_t n;

	vnm_metadata_split(metadata, &parts, &n);
	VNM_ASSERT_INT_EQ_FATAL(n, n_should);
	for (size_t i = 0; i < n; i++) {
		VNM_ASSERT_STR_EQ(parts[i].uri, should[i].uri);
		VNM_ASSERT_STR_EQ(parts[i].text, should[i].text);
		VNM_ASSERT_STR_EQ(vnm_metadata_find(parts, n, should[i].uri), should[i].text);
	}
	VNM_ASSERT_STR_EQ(vnm_metadata_find(parts, n, "urn:other"), NULL);
	vnm_metadata_parts_free(parts, n);
}

static void test_nothing(void)
{
	splits(NULL, NULL, 0);
	splits("<metadata/>", NULL, 0);
	splits("<metadata> text <!-- note --> </metadata>", NULL, 0);
	splits("<metadata", NULL, 0);
}

static void test_each_its_own(void)
{
	static const struct vnm_metadata_part should[] = {
		{ "urn:a", "<a:x xmlns:a=\"urn:a\"><a:y>1</a:y></a:x>" },
		{ "urn:b", "<x xmlns=\"urn:b\"/>" },
	};

	splits("<metadata>\n <a:x xmlns:a='urn:a'><a:y>1</a:y></a:x>\n <x xmlns='urn:b'/>\n"
	       "</metadata>",
	       should, VNM_ARRAY_SIZE(should));
}

static void test_several_of_one(void)
{
	static const struct vnm_metadata_part should[] = {
		{ "urn:a", "<p:x xmlns:p=\"urn:a\"/><q:z xmlns:q=\"urn:a\">2</q:z>" },
		{ "", "<plain/>" },
	};

	splits("<metadata><p:x xmlns:p='urn:a'/><plain/><q:z xmlns:q='urn:a'>2</q:z></metadata>",
	       should, VNM_ARRAY_SIZE(should));
}

const struct vnm_test vnm_tests[] = {
	{ "nothing", test_nothing },
	{ "each_its_own", test_each_its_own },
	{ "several_of_one", test_several_of_one },
	{ NULL, NULL },
};
