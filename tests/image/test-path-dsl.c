// SPDX-License-Identifier: GPL-2.0
/*
 * Paths name partitions and volumes by number, with keys in their queries.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "anyfs.h"
#include "anyfs_session.h"

static void valid_paths_are_parsed(void **state)
{
	static const struct {
		const char *text;
		int disk;			/* -1: not named */
		size_t n;
		AnyfsPathComp comp[ANYFS_PATH_MAX_COMPONENTS];
	} cases[] = {
		{ "p1", -1, 1, { { 1, NULL } } },
		{ "/p1", -1, 1, { { 1, NULL } } },
		{ "p1/", -1, 1, { { 1, NULL } } },
		{ "//p1//", -1, 1, { { 1, NULL } } },
		{ "P3", -1, 1, { { 3, NULL } } },
		{ "p0", -1, 1, { { 0, NULL } } },
		{ "p0/p2", -1, 2, { { 0, NULL }, { 2, NULL } } },
		{ "p2147483647", -1, 1, { { 2147483647, NULL } } },
		{ "p1/p2/P3", -1, 3, { { 1, NULL }, { 2, NULL }, { 3, NULL } } },
		{ "disk0/p1", 0, 1, { { 1, NULL } } },
		{ "/disk12/p3/", 12, 1, { { 3, NULL } } },
		{ "p1?keyref=K", -1, 1, { { 1, "keyref=K" } } },
		{ "p1?", -1, 1, { { 1, "" } } },
		{ "p1??", -1, 1, { { 1, "?" } } },
		{ "disk1/p1?keyfile=%2fetc%2Fkey/p2?key=a%20b&keyfd=3", 1, 2,
		  { { 1, "keyfile=/etc/key" }, { 2, "key=a b&keyfd=3" } } },
		{ "p1?key=%25%3f%26", -1, 1, { { 1, "key=%?&" } } },
		{ "p1?a+b", -1, 1, { { 1, "a+b" } } },
		{ "p1/p2/p3/p4/p5/p6/p7/p8", -1, 8,
		  { { 1, NULL }, { 2, NULL }, { 3, NULL }, { 4, NULL },
		    { 5, NULL }, { 6, NULL }, { 7, NULL }, { 8, NULL } } },
		{ "disk0/p1/p1/p1/p1/p1/p1/p1/p1", 0, 8,
		  { { 1, NULL }, { 1, NULL }, { 1, NULL }, { 1, NULL },
		    { 1, NULL }, { 1, NULL }, { 1, NULL }, { 1, NULL } } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AnyfsPath path;

		if (anyfs_path_parse(cases[i].text, &path))
			fail_msg("%s: refused: %s", cases[i].text, anyfs_get_last_error());
		assert_int_equal(path.disk_idx_set, cases[i].disk >= 0);
		if (path.disk_idx_set)
			assert_int_equal(path.disk_idx, cases[i].disk);
		assert_int_equal(path.n_comp, cases[i].n);
		for (size_t n = 0; n < path.n_comp; n++) {
			assert_int_equal(path.comp[n].p, cases[i].comp[n].p);
			if (cases[i].comp[n].query)
				assert_string_equal(path.comp[n].query, cases[i].comp[n].query);
			else
				assert_null(path.comp[n].query);
		}
		anyfs_path_free(&path);
		assert_null(path.arena);
		anyfs_path_free(&path);
	}
	anyfs_path_free(NULL);
}

static void invalid_paths_are_refused_with_a_reason(void **state)
{
	static const char *const bad[] = {
		"", "/", "//", "p", "x1", "1", "p1x", "p-1", "p+1", "p 1", " p1", "p01", "pp1", "p1/x",
		"p1/p", "p1//p2", "p1/p0", "p1/./p2", "p1/etc", "?key=a", "p?key=a", "p2147483648",
		"p99999999999999999999", "disk0", "disk0/", "disk/p1", "diskX/p1", "disk-1/p1",
		"disk0x/p1", "disk00/p1", "disk2147483648/p1", "disk0/disk1/p1", "p1/disk0",
		"disk0?key=a/p1", "p1/p2/p3/p4/p5/p6/p7/p8/p9", "p1?key=%", "p1?key=%4", "p1?key=%4/p2",
		"p1?key=%zz", "p1?key=%4g", "p1?key=a%00b", "%701",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AnyfsPath path = { .n_comp = 77 };

		anyfs_set_last_error(NULL);
		if (anyfs_path_parse(bad[i], &path) != -EINVAL)
			fail_msg("accepted: %s", bad[i]);
		assert_non_null(anyfs_get_last_error());
		assert_int_equal(path.n_comp, 0);
		assert_null(path.arena);
	}
	assert_int_equal(anyfs_path_parse(NULL, &(AnyfsPath){ 0 }), -EINVAL);
	assert_int_equal(anyfs_path_parse("p1", NULL), -EINVAL);
}

static void escapes_are_decoded_in_place(void **state)
{
	static const struct { const char *from, *to; } cases[] = {
		{ "", "" }, { "plain", "plain" }, { "%41", "A" }, { "a%2Fb%2f", "a/b/" },
		{ "%25%32%35", "%25" }, { "%ff", "\xff" }, { "+", "+" },
		{ "%", NULL }, { "a%", NULL }, { "%4", NULL }, { "%4g", NULL }, { "%g4", NULL },
		{ "%00", NULL }, { "%41%", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[32];

		strcpy(text, cases[i].from);
		assert_int_equal(anyfs_path_pct_decode(text), cases[i].to ? 0 : -EINVAL);
		assert_string_equal(text, cases[i].to ? cases[i].to : cases[i].from);
	}
	assert_int_equal(anyfs_path_pct_decode(NULL), -EINVAL);
}

/* The key that @query gives, or NULL with *@rc. */
static char *key_of(const char *query, int *rc, const char **warning)
{
	struct anyfs_key key = { .struct_size = sizeof(key) };
	char *copy = NULL;

	*rc = anyfs_key_of_query(query, &key, warning);
	if (*rc)
		return NULL;
	copy = strndup(key.data, key.len);
	key.free(&key);
	return copy;
}

static int file_with(const char *text, char *path)
{
	int fd;

	strcpy(path, "key-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void expect_key(const char *query, const char *key, bool warns)
{
	const char *warning;
	int rc;
	char *got = key_of(query, &rc, &warning);

	if (rc)
		fail_msg("%s: %s", query, anyfs_get_last_error());
	assert_string_equal(got, key);
	assert_int_equal(warning != NULL, warns);
	free(got);
}

static void the_first_key_of_a_query_counts(void **state)
{
	char path[32], query[64];
	int fd = file_with("of a file\n", path);

	setenv("ANYFS_TEST_KEY", "of the environment\n", 1);
	snprintf(query, sizeof(query), "keyfile=%s", path);
	expect_key(query, "of a file\n", false);
	snprintf(query, sizeof(query), "keyfd=%d", fd);
	expect_key(query, "of a file", false);
	assert_true(fcntl(fd, F_GETFD) >= 0);
	expect_key("keyref=ANYFS_TEST_KEY", "of the environment", false);
	expect_key("key=a=b", "a=b", true);
	expect_key("&keyref=ANYFS_TEST_KEY&key=second", "of the environment", false);
	expect_key("key=first&keyfile=/missing", "first", true);
	close(fd);
	unlink(path);
}

static void errors_do_not_repeat_a_key(void **state)
{
	static const char *const bad[] = {
		"p1?key=secret%", "p1?key=secret/p0", "p1?key=a/secret", "p1x?key=secret",
		"p1?keyfile=f&key=secret%4/p1", "disk?key=secret/p1", "p1/p0?key=secret",
		"p1?key=secret/p2/p3/p4/p5/p6/p7/p8/p9", "disk0/disk1?key=secret",
	};
	int rc;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AnyfsPath path;

		assert_int_equal(anyfs_path_parse(bad[i], &path), -EINVAL);
		assert_null(strstr(anyfs_get_last_error(), "secret"));
		assert_non_null(strstr(anyfs_get_last_error(), "key=***"));
	}
	assert_null(key_of("key=a&secret", &rc, NULL));
	assert_int_equal(rc, -EINVAL);
	assert_null(strstr(anyfs_get_last_error(), "secret"));
	assert_int_equal(anyfs_path_parse("p1?keyfile=name%", &(AnyfsPath){ 0 }), -EINVAL);
	assert_non_null(strstr(anyfs_get_last_error(), "keyfile=name"));
}

static void queries_without_a_key_are_refused(void **state)
{
	static const struct { const char *query; int err; } bad[] = {
		{ NULL, -ENODATA }, { "", -ENODATA }, { "&&", -ENODATA },
		{ "key=", -EINVAL }, { "key", -EINVAL }, { "=x", -EINVAL }, { "keyfoo=x", -EINVAL },
		{ "key=x&other=y", -EINVAL }, { "keyfd=x", -EINVAL }, { "keyfd=-1", -EINVAL },
		{ "keyfd=65535", -EBADF }, { "keyfile=/missing/key", -ENOENT },
		{ "keyfile=/", -EISDIR }, { "keyref=ANYFS_NO_SUCH_VARIABLE", -ENOENT },
		{ "keyfile=/dev/zero", -EFBIG }, { "keyfile=/dev/null", -EINVAL },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int rc;
		char *key;

		anyfs_set_last_error(NULL);
		key = key_of(bad[i].query, &rc, NULL);
		if (rc != bad[i].err)
			fail_msg("%s: %d", bad[i].query ? bad[i].query : "NULL", rc);
		assert_null(key);
		assert_non_null(anyfs_get_last_error());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_paths_are_parsed),
		cmocka_unit_test(invalid_paths_are_refused_with_a_reason),
		cmocka_unit_test(errors_do_not_repeat_a_key),
		cmocka_unit_test(escapes_are_decoded_in_place),
		cmocka_unit_test(the_first_key_of_a_query_counts),
		cmocka_unit_test(queries_without_a_key_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
