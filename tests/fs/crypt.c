// SPDX-License-Identifier: GPL-2.0
/*
 * crypt.c - directories that the file system encrypts
 *
 *	crypt IMAGE [OPTIONS]
 *
 * There is one directory for each pair of ciphers, with a key that the program adds to the
 * kernel.  Without the key the names are unknown and the files cannot be opened.
 */
#include "mounted.h"
#include <dirent.h>
#include <lkl/linux/fscrypt.h>

#define KEY_SIZE	64
#define NAME		"a name that is secret"

static const struct pair {
	const char *dir;
	unsigned char contents, names;
} pairs[] = {
	{ "aes-256", LKL_FSCRYPT_MODE_AES_256_XTS, LKL_FSCRYPT_MODE_AES_256_CTS },
	{ "aes-hctr2", LKL_FSCRYPT_MODE_AES_256_XTS, LKL_FSCRYPT_MODE_AES_256_HCTR2 },
	{ "aes-128", LKL_FSCRYPT_MODE_AES_128_CBC, LKL_FSCRYPT_MODE_AES_128_CTS },
	{ "adiantum", LKL_FSCRYPT_MODE_ADIANTUM, LKL_FSCRYPT_MODE_ADIANTUM },
};
#define NR_PAIRS	(sizeof(pairs) / sizeof(pairs[0]))

static char **args;

static const char *file_in(const struct pair *p, const char *name)
{
	static char path[2][256];
	static unsigned int turn;

	snprintf(path[++turn % 2], sizeof(path[0]), "%s/%s", p->dir, name);
	return path[turn % 2];
}

/* Add key number @i; policies refer to its identifier. */
static void add_key(size_t i, unsigned char id[LKL_FSCRYPT_KEY_IDENTIFIER_SIZE])
{
	union {
		struct lkl_fscrypt_add_key_arg arg;
		char room[sizeof(struct lkl_fscrypt_add_key_arg) + KEY_SIZE];
	} u = {
		.arg = {
			.key_spec.type = LKL_FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER,
			.raw_size = KEY_SIZE,
		},
	};

	memset(u.arg.raw, 'k' + i, KEY_SIZE);
	expect_ok(ioctl_at(".", LKL_FS_IOC_ADD_ENCRYPTION_KEY, &u));
	memcpy(id, u.arg.key_spec.u.identifier, LKL_FSCRYPT_KEY_IDENTIFIER_SIZE);
}

static void encrypt(size_t i)
{
	struct lkl_fscrypt_policy_v2 policy = {
		.version = LKL_FSCRYPT_POLICY_V2,
		.contents_encryption_mode = pairs[i].contents,
		.filenames_encryption_mode = pairs[i].names,
		.flags = LKL_FSCRYPT_POLICY_FLAGS_PAD_32,
	};

	add_key(i, policy.master_key_identifier);
	make_dir(pairs[i].dir);
	expect_ok(ioctl_at(pairs[i].dir, LKL_FS_IOC_SET_ENCRYPTION_POLICY, &policy));
	write_pattern(file_in(&pairs[i], NAME));
	expect_ok(lkl_sys_symlink("a target that is secret", at(file_in(&pairs[i], "link"))));
}

/* A directory entry as getdents64() returns it. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

/* Without the key both names are encrypted, and the file cannot be opened. */
static void check_locked(const struct pair *p)
{
	_Alignas(struct entry) char buf[4096];
	int fd = open_at(p->dir, LKL_O_RDONLY | LKL_O_DIRECTORY);
	long n = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf));
	unsigned int files = 0;

	for (long pos = 0; pos < n; pos += ((struct entry *)(buf + pos))->reclen) {
		const struct entry *e = (const struct entry *)(buf + pos);

		assert_null(strstr(e->name, "secret"));
		assert_string_not_equal(e->name, "link");
		if (e->type != DT_REG)
			continue;
		files++;
		assert_int_equal(lkl_sys_open(at(file_in(p, e->name)), LKL_O_RDONLY, 0), -ENOKEY);
	}
	lkl_sys_close(fd);
	assert_int_equal(files, 1);
	assert_int_equal(lkl_sys_open(at(file_in(p, NAME)), LKL_O_RDONLY, 0), -ENOENT);
}

static void check_unlocked(const struct pair *p)
{
	char target[64] = "";

	check_pattern(file_in(p, NAME));
	expect_ok(lkl_sys_readlink(at(file_in(p, "link")), target, sizeof(target) - 1));
	assert_string_equal(target, "a target that is secret");
}

static void test_crypt(void **state)
{
	unsigned char id[LKL_FSCRYPT_KEY_IDENTIFIER_SIZE];

	mount_image(args[1], 0, args[2]);
	for (size_t i = 0; i < NR_PAIRS; i++)
		encrypt(i);
	unmount_image();

	mount_image(args[1], ANYFS_DISK_READONLY, args[2]);
	for (size_t i = 0; i < NR_PAIRS; i++) {
		print_message("%s\n", pairs[i].dir);
		check_locked(&pairs[i]);
		add_key(i, id);
		check_unlocked(&pairs[i]);
	}
	unmount_image();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_crypt) };

	if (argc < 2) {
		fprintf(stderr, "usage: crypt IMAGE [OPTIONS]\n");
		return 2;
	}
	args = argv;
	return cmocka_run_group_tests_name("crypt", tests, group_boot, group_halt);
}
