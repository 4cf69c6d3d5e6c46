// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - the exports of the module: functions, and numbers of the kernel
 */
#include "addon.h"

struct number {
	const char *name;
	int64_t value;
};

#define NR(name) { #name, __lkl__NR_##name }

/* The system calls that lib/ uses. */
static const struct number calls[] = {
	NR(openat), NR(close), NR(read), NR(write), NR(pread64), NR(pwrite64), NR(readv),
	NR(writev), NR(preadv), NR(pwritev), NR(fsync), NR(fdatasync), NR(ftruncate), NR(truncate),
	NR(statx), NR(statfs), NR(fstatfs), NR(fchmod), NR(fchmodat), NR(fchown), NR(fchownat),
	NR(utimensat), NR(linkat), NR(symlinkat), NR(unlinkat), NR(renameat2), NR(mkdirat),
	NR(mknodat), NR(readlinkat), NR(faccessat), NR(getdents64), NR(lseek), NR(getxattr),
	NR(lgetxattr), NR(fgetxattr), NR(setxattr), NR(lsetxattr), NR(fsetxattr), NR(listxattr),
	NR(llistxattr), NR(flistxattr), NR(removexattr), NR(lremovexattr), NR(fremovexattr),
	NR(sync), NR(syncfs), NR(fallocate), NR(copy_file_range), NR(flock), NR(inotify_init1),
	NR(inotify_add_watch), NR(inotify_rm_watch), NR(fchmodat2), NR(ioctl),
	NR(fspick), NR(fsconfig),
};

static const struct number constants[] = {
	{ "JOB_WRITES", JOB_WRITES }, { "JOB_OPENS", JOB_OPENS }, { "JOB_CLOSES", JOB_CLOSES },
	{ "JOB_WAITS", JOB_WAITS },
	{ "JOB_REALPATH", JOB_REALPATH }, { "JOB_PARTS", JOB_PARTS }, { "JOB_TREE", JOB_TREE },
	{ "JOB_INFO", JOB_INFO }, { "JOB_DISK_ADD", JOB_DISK_ADD },
	{ "JOB_DISK_REMOVE", JOB_DISK_REMOVE }, { "JOB_MOUNT", JOB_MOUNT },
	{ "JOB_UMOUNT", JOB_UMOUNT },
	{ "ASK_READ", ASK_READ }, { "ASK_WRITE", ASK_WRITE }, { "ASK_FLUSH", ASK_FLUSH },
	{ "ASK_KEY", ASK_KEY },
	{ "DISK_READONLY", ANYFS_DISK_READONLY }, { "DISK_NOLOCK", ANYFS_DISK_NOLOCK },
	{ "DISK_FORCE_WRITE", ANYFS_DISK_FORCE_WRITE }, { "MAX_KEYS", MAX_KEYS },
};

static void put_numbers(napi_env env, napi_value object, const struct number *n, size_t count)
{
	napi_value value;

	for (size_t i = 0; i < count; i++) {
		napi_create_int64(env, n[i].value, &value);
		napi_set_named_property(env, object, n[i].name, value);
	}
}

static void put_function(napi_env env, napi_value exports, const char *name, napi_callback call)
{
	napi_value function;

	napi_create_function(env, name, NAPI_AUTO_LENGTH, call, NULL, &function);
	napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */)
{
	napi_value nr, version;

	put_function(env, exports, "open", addon_open);
	put_function(env, exports, "call", addon_call);
	put_function(env, exports, "run", addon_run);
	put_function(env, exports, "close", addon_close);
	put_function(env, exports, "wait", addon_wait);
	put_function(env, exports, "answer", addon_answer);
	put_function(env, exports, "death", addon_death);
	put_function(env, exports, "hold", addon_hold);
	put_function(env, exports, "strerror", addon_strerror);
	put_numbers(env, exports, constants, sizeof(constants) / sizeof(constants[0]));
	napi_create_object(env, &nr);
	put_numbers(env, nr, calls, sizeof(calls) / sizeof(calls[0]));
	napi_set_named_property(env, exports, "nr", nr);
	napi_create_string_utf8(env, anyfs_version(), NAPI_AUTO_LENGTH, &version);
	napi_set_named_property(env, exports, "version", version);
	return exports;
}
