// SPDX-License-Identifier: GPL-2.0
/*
 * exports.c - fill the caches with the clients and the directories that they may see
 *
 * In these caches the server looks up which domain the address of a client belongs to, and
 * which directory a file handle or a path belongs to.  On other systems a daemon adds answers
 * when the server asks for them.  Here all answers are known when the server starts and do not
 * change, so they are written once.  No program reads the questions, so the kernel refuses
 * everything that is not in a cache.
 */
#include <stdio.h>
#include <string.h>
#include <lkl.h>
#include <lkl/linux/nfsd/export.h>
#include "messages.h"
#include "network.h"
#include "nfsd.h"
#include "run.h"

#define DOMAIN		"anyfs"		/* name for all clients */
#define FOREVER		"4000000000"	/* seconds since 1970 */
#define BY_NUMBER	1		/* FSID_NUM: a handle has the number of the export */
#define COMMON_FLAGS	(LKL_NFSEXP_FSID | LKL_NFSEXP_CROSSMOUNT | LKL_NFSEXP_INSECURE_PORT)

/* Copy @path to @out; characters that would end a word are escaped as octal numbers. */
static void quote_path(char *out, size_t size, const char *path)
{
	size_t len = 0;

	for (; *path && len + 5 < size; path++) {
		unsigned char c = *path;

		if (c <= ' ' || c == '\\' || c == 0x7f)
			len += sprintf(out + len, "\\%03o", c);
		else
			out[len++] = c;
	}
	out[len] = '\0';
}

static int write_cache(const char *cache, const char *line)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/net/rpc/%s/channel", cache);
	return kernel_write(path, line, strlen(line));
}

/* Export @path under the number @fsid.  0 or -errno. */
static int export_path(const struct nfsd *n, const char *path, uint32_t fsid, unsigned int flags)
{
	char quoted[4 * SHARE_NAME_MAX + sizeof(SHARES_ROOT) + 8], line[1024];
	unsigned char id[sizeof(fsid)];
	int rc;

	quote_path(quoted, sizeof(quoted), path);
	snprintf(line, sizeof(line), DOMAIN " %s " FOREVER " %u %u %u %u\n", quoted,
		 flags | COMMON_FLAGS, n->anon_uid, n->anon_gid, fsid);
	rc = write_cache("nfsd.export", line);
	if (rc)
		return rc;
	memcpy(id, &fsid, sizeof(id));
	snprintf(line, sizeof(line), DOMAIN " %d \\x%02x%02x%02x%02x " FOREVER " %s\n", BY_NUMBER,
		 id[0], id[1], id[2], id[3], quoted);
	return write_cache("nfsd.fh", line);
}

static unsigned int flags_of(const struct nfsd *n, const struct share *s)
{
	return (n->serve.write && !s->readonly ? 0 : LKL_NFSEXP_READONLY) |
	       (n->map ? 0 : LKL_NFSEXP_ALLSQUASH) |
	       /*
	        * For a share below the root of a file system, check that handles stay inside
	        * the share.
	        */
	       (s->whole ? LKL_NFSEXP_NOSUBTREECHECK : 0);
}

static bool export_share(struct nfsd *n, struct share *s, uint32_t fsid)
{
	struct tool *t = n->serve.t;
	char path[sizeof(SHARES_ROOT) + SHARE_NAME_MAX + 1];
	const char *why;
	int rc;

	snprintf(path, sizeof(path), SHARES_ROOT "/%s", s->name);
	rc = export_path(n, path, fsid, flags_of(n, s));
	if (!rc)
		return true;
	why = rc == -LKL_EINVAL ? "this type of file system has no file handles, which NFS needs" :
	      lkl_strerror(rc);
	if (s->by_default) {
		tool_note(t, "%s%s: not shared: %s", shares_image_path(t, s->image_index), s->path,
			  why);
		lkl_sys_umount(path, LKL_MNT_DETACH);
		lkl_sys_rmdir(path);
		return false;
	}
	tool_error(t, "%s%s: cannot be shared: %s", shares_image_path(t, s->image_index), s->path,
		   why);
	tool_finish(t);
}

static void must(struct nfsd *n, const char *what, int rc)
{
	if (!rc)
		return;
	tool_error(n->serve.t, "%s: %s", what, lkl_strerror(rc));
	tool_finish(n->serve.t);
}

void exports_set(struct nfsd *n)
{
	struct shares *shares = &n->serve.shares;
	size_t kept = 0;

	must(n, "naming the clients",
	     write_cache("auth.unix.ip", "nfsd 127.0.0.1 " FOREVER " " DOMAIN "\n"));
	must(n, "exporting the list of shares",
	     export_path(n, SHARES_ROOT, 0, LKL_NFSEXP_V4ROOT | LKL_NFSEXP_READONLY |
		    LKL_NFSEXP_NOSUBTREECHECK | LKL_NFSEXP_ALLSQUASH));
	for (size_t i = 0; i < shares->nr; i++)
		if (export_share(n, &shares->list[i], i + 1))
			shares->list[kept++] = shares->list[i];
	shares->nr = kept;
	if (kept)
		return;
	tool_error(n->serve.t, "%s: no file system that NFS can share", n->serve.t->image_path);
	tool_finish(n->serve.t);
}
