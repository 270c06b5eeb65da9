/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * malformed.c - damaged files, through the program itself: malformed VNETMGR [FILES [SEED]].
 *
 * Each file is one of tests/data, damaged one to four times. net-define must end by itself within seconds: with 0,
 * or with 1 and a cause that says where it is, and then with nothing left behind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define FILES 500
#define TEXT_MAX 16384
#define SECONDS 5
#define DAMAGES 7

struct text {
	char bytes[TEXT_MAX];
	size_t len;
};

struct corpus {
	struct text *items;
	size_t n;
};

/* What ends, begins, hides or repeats something in XML. */
/* clang-format off */
static const char *const tokens[] = {
	"<",	  ">",	     "/>",     "</",	  "'",	    "\"",	  "&",	      "&#0;",
	"&#10;",  "&amp;",   "&x;",    "<!--",	  "-->",    "<![CDATA[",  "]]>",      "<?x",
	"?>",	  "<!DOCTYPE x>",      "xmlns=''", "xmlns:a='u'", "\n",	  "\t",	      "\xc3",
	"\xff\xfe", "=",     "<network>", "</network>", "<ip address='1.2.3.4'/>", "name='x'",
};

/* clang-format on */

static size_t upto(unsigned *seed, size_t n)
{
	return n ? (size_t)rand_r(seed) % n : 0;
}

static void cut(struct text *text, size_t at, size_t n)
{
	if (n > text->len - at)
		n = text->len - at;
	memmove(text->bytes + at, text->bytes + at + n, text->len - at - n);
	text->len -= n;
}

static void insert(struct text *text, size_t at, const char *bytes, size_t n)
{
	char copy[TEXT_MAX];

	if (n > TEXT_MAX - text->len)
		n = TEXT_MAX - text->len;
	memcpy(copy, bytes, n);
	memmove(text->bytes + at + n, text->bytes + at, text->len - at);
	memcpy(text->bytes + at, copy, n);
	text->len += n;
}

static void damage(struct text *text, const struct corpus *corpus, unsigned *seed)
{
	const struct text *other = &corpus->items[upto(seed, corpus->n)];
	size_t at = upto(seed, text->len), from = upto(seed, other->len);
	const char *token = tokens[upto(seed, VNM_ARRAY_SIZE(tokens))];

	if (text->len == 0)
		return;
	switch (upto(seed, DAMAGES)) {
	case 0: text->bytes[at] = (char)upto(seed, 256); break;
	case 1: text->bytes[at] ^= (char)(1 << upto(seed, 8)); break;
	case 2: cut(text, at, 1 + upto(seed, 40)); break;
	case 3: text->len = at; break;
	case 4: insert(text, at, token, strlen(token)); break;
	case 5: insert(text, at, text->bytes + upto(seed, at), upto(seed, text->len - at)); break;
	default: insert(text, at, other->bytes + from, upto(seed, other->len - from)); break;
	}
}

static void load(struct corpus *corpus)
{
	struct dirent **entries;
	int n = scandir(VNM_TEST_SRCDIR "/tests/data", &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		vnm_autofree char *path =
			vnm_asprintf(VNM_TEST_SRCDIR "/tests/data/%s/in.xml", entries[i]->d_name);
		struct text text;
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? -1 : read(fd, text.bytes, sizeof(text.bytes));

		free(entries[i]);
		if (fd >= 0)
			close(fd);
		if (len <= 0)
			continue;
		text.len = (size_t)len;
		corpus->items = vnm_array_add(corpus->items, &corpus->n, sizeof(*corpus->items));
		corpus->items[corpus->n - 1] = text;
	}
	free(entries);
}

/* Return: the wait status. */
static int define(const char *program)
{
	struct rlimit seconds = { SECONDS, SECONDS };
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		int err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);

		setrlimit(RLIMIT_CPU, &seconds);
		if (dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
			execl(program, "vnetmgr", "--root", "root", "-q", "net-define", "in.xml",
			      NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* What is left of it is removed. Return: how many definitions there were. */
static int clear_root(void)
{
	int fd = open("root/etc/vnetmgr/networks", O_RDONLY | O_DIRECTORY | O_CLOEXEC), n = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "autostart"))
			continue;
		n++;
		unlinkat(fd, entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	return n;
}

/* "in.xml:LINE:" or its name in quotes: no cause without a place. One or two lines, of printable characters. */
static int is_good_error(const char *err, size_t len)
{
	const char *place;
	int lines = 0;

	/* Warnings come first. */
	while (!strncmp(err, "warning: ", 9) && strchr(err, '\n')) {
		len -= (size_t)(strchr(err, '\n') + 1 - err);
		err = strchr(err, '\n') + 1;
	}
	for (size_t i = 0; i < len; i++) {
		lines += err[i] == '\n';
		if ((unsigned char)err[i] < 0x20 && err[i] != '\n')
			return 0;
	}
	place = strstr(err, "error: in.xml:");
	return lines == 2 &&
	       ((place && place[14] >= '1' && place[14] <= '9') ||
		strstr(err, "error: network '") || strstr(err, "error: bridge name '"));
}

/* Return: what is wrong with how one file was taken, NULL: nothing. */
static const char *judge(int status, int defined)
{
	vnm_autofree char *err = NULL;
	size_t len = 0;

	if (!WIFEXITED(status))
		return "it did not end by itself";
	if (vnm_file_read(AT_FDCWD, "err", TEXT_MAX, &err, &len) < 0)
		return "its error output cannot be read, or has a NUL";
	if (strstr(err, "Sanitizer") || strstr(err, "runtime error"))
		return "a sanitizer's finding";
	if (WEXITSTATUS(status) == 0)
		return defined == 1 ? NULL : "exit status 0, and no definition";
	if (WEXITSTATUS(status) != 1)
		return "another exit status than 0 and 1";
	if (defined)
		return "refused, and something is left";
	return is_good_error(err, len) ? NULL : "the error is no good";
}

static void complain(unsigned seed, const char *bad, int status, const struct text *text)
{
	vnm_autofree char *err = NULL;

	if (vnm_file_read(AT_FDCWD, "err", TEXT_MAX, &err, NULL) < 0)
		err = vnm_strdup("");
	fprintf(stderr, "FAIL: seed %u: %s (wait status 0x%x)\n%s--- the file:\n%.*s\n", seed, bad,
		(unsigned)status, err, (int)text->len, text->bytes);
}

static int attempt(const struct corpus *corpus, const char *program, unsigned seed, int *accepted)
{
	struct text text = corpus->items[upto(&seed, corpus->n)];
	unsigned keep = seed;
	const char *bad;
	int status, defined;

	for (size_t n = 1 + upto(&seed, 4); n > 0; n--)
		damage(&text, corpus, &seed);
	if (vnm_file_replace(AT_FDCWD, "in.xml", text.bytes, text.len, 0600, (gid_t)-1,
			     VNM_VOLATILE) < 0)
		return 1;
	status = define(program);
	defined = clear_root();
	*accepted += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	bad = judge(status, defined);
	if (!bad)
		return 0;
	complain(keep, bad, status, &text);
	return 1;
}

static int remove_all(const char *dir)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		execlp("rm", "rm", "-rf", dir, NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

/** main() - see above. Return: 0 when all were taken as they should be. */
int main(int argc, char **argv)
{
	const char *program = argc > 1 ? argv[1] : getenv("VNETMGR");
	int files = argc > 2 ? atoi(argv[2]) : FILES, failed = 0, accepted = 0;
	unsigned seed = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
	char dir[] = "/tmp/malformed.XXXXXX";
	struct corpus corpus = { 0 };

	load(&corpus);
	if (!program || corpus.n == 0 || !mkdtemp(dir) || chdir(dir) < 0 || mkdir("root", 0755) < 0)
		return 1;
	for (int i = 0; i < files; i++)
		failed += attempt(&corpus, program, seed * 1000003u + (unsigned)i, &accepted);
	printf("%d files, %d of them definitions all the same, %d failures\n", files, accepted,
	       failed);
	fflush(stdout);
	free(corpus.items);
	return remove_all(dir) < 0 || failed > 0;
}
