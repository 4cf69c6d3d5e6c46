// SPDX-License-Identifier: GPL-2.0
/*
 * calls.c - make the system calls of a script, and print their results
 *
 *	calls DIRECTORY <SCRIPT
 *
 * A line of the script is a call with its arguments, made in DIRECTORY: the output is the
 * line and "ok" or an errno, so that the same script on two file systems can be compared.
 * "as UID:GID,GROUP..." makes the next calls as another user; "changed FILE CALL..."
 * prints which times of FILE the call has changed; "x*255" is a word of 255 times "x".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORDS	8

/* The text that a call prints after "ok". */
static char answer[8192];

static int number(const char *text)
{
	return strtol(text, NULL, 0);
}

static mode_t parse_octal(const char *text)
{
	return text ? strtoul(text, NULL, 8) : 0644;
}

static int open_flags(const char *text)
{
	static const struct { const char *name; int flag; } names[] = {
		{ "RDONLY", O_RDONLY }, { "WRONLY", O_WRONLY }, { "RDWR", O_RDWR },
		{ "CREAT", O_CREAT }, { "EXCL", O_EXCL }, { "TRUNC", O_TRUNC },
		{ "APPEND", O_APPEND }, { "DIRECTORY", O_DIRECTORY }, { "NOFOLLOW", O_NOFOLLOW },
		{ "TMPFILE", O_TMPFILE }, { "NONBLOCK", O_NONBLOCK }, { "PATH", O_PATH },
		{ "NOATIME", O_NOATIME },
	};
	int flags = 0;

	while (*text) {
		size_t len = strcspn(text, "|");

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strlen(names[i].name) == len && !strncmp(text, names[i].name, len))
				flags |= names[i].flag;
		text += len + (text[len] == '|');
	}
	return flags;
}

/* ---- The calls.  Each returns 0, or -1 with errno. ---- */

static int call_open(char **w)
{
	int fd = open(w[1], open_flags(w[2]) | O_NONBLOCK, parse_octal(w[3]));

	return fd < 0 ? -1 : close(fd);
}

static int call_write(char **w)
{
	int fd = open(w[1], O_WRONLY | O_APPEND);

	if (fd < 0)
		return -1;
	if (write(fd, w[2], strlen(w[2])) < 0) {
		close(fd);
		return -1;
	}
	return close(fd);
}

static int call_ftruncate(char **w)
{
	int fd = open(w[1], open_flags(w[2])), rc;

	if (fd < 0)
		return -1;
	rc = ftruncate(fd, number(w[3]));
	close(fd);
	return rc;
}

static int call_stat(char **w)
{
	static const char types[] = "?pc?d?b?-?l?s";
	struct stat st;

	if (lstat(w[1], &st))
		return -1;
	snprintf(answer, sizeof(answer), "%c%04o %u:%u links %u size %lld rdev %u:%u",
		 types[(st.st_mode & S_IFMT) >> 12], st.st_mode & 07777, st.st_uid, st.st_gid,
		 (unsigned int)st.st_nlink, S_ISDIR(st.st_mode) ? 0 : (long long)st.st_size,
		 major(st.st_rdev), minor(st.st_rdev));
	return 0;
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

static int call_list(char **w)
{
	struct dirent **names;
	int nr = scandir(w[1], &names, not_dots, alphasort);

	for (int i = 0; i < nr; i++) {
		size_t len = strlen(answer);

		snprintf(answer + len, sizeof(answer) - len, "%s%s", i ? " " : "",
			 names[i]->d_name);
		free(names[i]);
	}
	return nr < 0 ? -1 : 0;
}

static int call_readlink(char **w)
{
	return readlink(w[1], answer, sizeof(answer) - 1) < 0 ? -1 : 0;
}

static int call_mknod(char **w)
{
	mode_t type = *w[2] == 'c' ? S_IFCHR : *w[2] == 'b' ? S_IFBLK :
		      *w[2] == 'p' ? S_IFIFO : S_IFREG;

	return mknod(w[1], type | parse_octal(w[3]), w[4] ? makedev(number(w[4]), 7) : 0);
}

static int call_bind(char **w)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), rc, err;

	strncpy(addr.sun_path, w[1], sizeof(addr.sun_path) - 1);
	rc = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

static struct timespec a_time(const char *text)
{
	struct timespec t = { .tv_sec = number(text), .tv_nsec = 0 };

	if (!strcmp(text, "now"))
		t.tv_nsec = UTIME_NOW;
	else if (!strcmp(text, "omit"))
		t.tv_nsec = UTIME_OMIT;
	return t;
}

static int call_utimens(char **w)
{
	const struct timespec times[2] = { a_time(w[2]), a_time(w[3]) };

	return utimensat(AT_FDCWD, w[1], times, AT_SYMLINK_NOFOLLOW);
}

static int call_flags(char **w)
{
	int fd = open(w[1], O_RDONLY | O_NONBLOCK), flags = 0, rc, err;

	if (fd < 0)
		return -1;
	for (const char *c = w[2]; *c; c++)
		flags |= *c == 'i' ? FS_IMMUTABLE_FL : *c == 'a' ? FS_APPEND_FL : FS_NODUMP_FL;
	if (!strcmp(w[2], "none"))
		flags = 0;
	rc = ioctl(fd, FS_IOC_SETFLAGS, &flags);
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

/* Call fallocate(2) for 64 KiB of FILE: "keep" the size, "zero", "punch" a hole, or grow. */
static int call_fallocate(char **w)
{
	int mode = !strcmp(w[2], "keep") ? FALLOC_FL_KEEP_SIZE :
		   !strcmp(w[2], "zero") ? FALLOC_FL_ZERO_RANGE :
		   !strcmp(w[2], "punch") ? FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE : 0;
	int fd = open(w[1], O_RDWR), rc, err;

	if (fd < 0)
		return -1;
	rc = fallocate(fd, mode, 0, 65536);
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

/* copy_file_range(2) of four bytes from one file into another. */
static int call_copyrange(char **w)
{
	int from = open(w[1], O_RDONLY), to = open(w[2], O_RDWR), rc = -1, err;

	if (from >= 0 && to >= 0)
		rc = copy_file_range(from, NULL, to, NULL, 4, 0) == 4 ? 0 : -1;
	err = errno;
	close(from);
	close(to);
	errno = err;
	return rc;
}

/* Write 4096 bytes with O_DIRECT. */
static int call_direct(char **w)
{
	static char buf[4096] __attribute__((aligned(4096)));
	int fd = open(w[1], O_RDWR | O_DIRECT), rc, err;

	if (fd < 0)
		return -1;
	rc = pwrite(fd, buf, sizeof(buf), 0) == sizeof(buf) ? 0 : -1;
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

/* An ACL in which user 1234 has more rights than the group: rwxr-x---, u:1234:rwx. */
static int call_acl(char **w)
{
	static const struct {
		uint32_t version;
		struct { uint16_t tag, perm; uint32_t id; } entries[5];
	} acl = { 2, {
		{ 0x01, 7, -1 }, { 0x02, 7, 1234 }, { 0x04, 5, -1 }, { 0x10, 7, -1 },
		{ 0x20, 0, -1 },
	} };
	char name[64];

	snprintf(name, sizeof(name), "system.posix_acl_%s", w[2]);
	return setxattr(w[1], name, &acl, sizeof(acl), 0);
}

/* Create a file without a name, and link it. */
static int call_tmpfile(char **w)
{
	int fd = open(w[1], O_TMPFILE | O_RDWR | (w[3] ? open_flags(w[3]) : 0), 0640), rc, err;
	char proc[64];

	if (fd < 0)
		return -1;
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	rc = write(fd, "text", 4) == 4 ? 0 : -1;
	if (!rc)
		rc = linkat(AT_FDCWD, proc, AT_FDCWD, w[2], AT_SYMLINK_FOLLOW);
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

/* Calls that need no function of their own. */
#define CALL(name, expression) \
	static int call_##name(char **w) \
	{ \
		return expression; \
	}
CALL(getxattr, lgetxattr(w[1], w[2], answer, sizeof(answer) - 1) < 0 ? -1 : 0)
CALL(setxattr, lsetxattr(w[1], w[2], w[3], strlen(w[3]), 0))
CALL(addxattr, lsetxattr(w[1], w[2], w[3], strlen(w[3]), XATTR_CREATE))
CALL(removexattr, lremovexattr(w[1], w[2]))
CALL(mkdir, mkdir(w[1], parse_octal(w[2])))
CALL(rmdir, rmdir(w[1]))
CALL(unlink, unlink(w[1]))
CALL(link, link(w[1], w[2]))
CALL(symlink, symlink(w[1], w[2]))
CALL(rename, rename(w[1], w[2]))
CALL(noreplace, renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_NOREPLACE))
CALL(exchange, renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_EXCHANGE))
CALL(whiteout, renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_WHITEOUT))
CALL(chmod, chmod(w[1], parse_octal(w[2])))
CALL(chown, chown(w[1], number(w[2]), number(w[3])))
CALL(lchown, lchown(w[1], number(w[2]), number(w[3])))
CALL(truncate, truncate(w[1], number(w[2])))
CALL(access, faccessat(AT_FDCWD, w[1], number(w[2]), AT_EACCESS))
CALL(umask, umask(parse_octal(w[1])) * 0)

static int call_as(char **w)
{
	gid_t groups[8];
	int nr = 0;
	char *p;
	uid_t uid = strtoul(w[1], &p, 10);

	while (*p && nr < 8)
		groups[nr++] = strtoul(p + 1, &p, 10);
	if (seteuid(0) || setegid(groups[0]) || setgroups(nr, groups) || seteuid(uid)) {
		perror("calls: as");
		exit(1);
	}
	return 0;
}

static int call_changed(char **w);

static const struct call {
	const char *name;
	int words;			/* minimum number of words, with the name */
	int (*make)(char **w);
} calls[] = {
	{ "open", 3, call_open }, { "write", 3, call_write }, { "ftruncate", 4, call_ftruncate },
	{ "stat", 2, call_stat }, { "list", 2, call_list }, { "readlink", 2, call_readlink },
	{ "mknod", 4, call_mknod }, { "bind", 2, call_bind }, { "utimens", 4, call_utimens },
	{ "flags", 3, call_flags }, { "tmpfile", 3, call_tmpfile },
	{ "getxattr", 3, call_getxattr }, { "setxattr", 4, call_setxattr },
	{ "addxattr", 4, call_addxattr }, { "removexattr", 3, call_removexattr },
	{ "mkdir", 3, call_mkdir }, { "rmdir", 2, call_rmdir }, { "unlink", 2, call_unlink },
	{ "link", 3, call_link }, { "symlink", 3, call_symlink }, { "rename", 3, call_rename },
	{ "noreplace", 3, call_noreplace }, { "exchange", 3, call_exchange },
	{ "whiteout", 3, call_whiteout }, { "chmod", 3, call_chmod }, { "chown", 4, call_chown },
	{ "lchown", 4, call_lchown }, { "truncate", 3, call_truncate }, { "access", 3, call_access },
	{ "fallocate", 3, call_fallocate }, { "copyrange", 3, call_copyrange },
	{ "direct", 2, call_direct }, { "acl", 3, call_acl },
	{ "umask", 2, call_umask }, { "as", 2, call_as }, { "changed", 4, call_changed },
};

static int make_call(char **w, int nr)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, w[0]) && nr >= calls[i].words)
			return calls[i].make(w);
	fprintf(stderr, "calls: %s: not a call, or too few arguments\n", w[0]);
	exit(2);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return !is_later(a, b) && !is_later(b, a);
}

/* Wait until a call would set a time other than @before, by the host's or the kernel's clock. */
static void let_time_pass(struct timespec before)
{
	struct timespec now;

	before.tv_nsec += 40000000;
	if (before.tv_nsec >= 1000000000) {
		before.tv_nsec -= 1000000000;
		before.tv_sec++;
	}
	do {
		usleep(2000);
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
	} while (!is_later(&now, &before));
}

static int call_changed(char **w)
{
	struct stat before, after;
	struct timespec now;
	int nr = 0, rc;

	while (w[nr])
		nr++;
	if (stat(w[1], &before))
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	let_time_pass(now);
	rc = make_call(w + 2, nr - 2);
	if (rc || stat(w[1], &after))
		return -1;
	snprintf(answer, sizeof(answer), "%s%s",
		 same_time(&before.st_mtim, &after.st_mtim) ? "" : "mtime ",
		 same_time(&before.st_ctim, &after.st_ctim) ? "" : "ctime");
	return 0;
}

/* Expand "x*255"; the result is never freed, because the script is short. */
static char *expand_word(char *word)
{
	char *star = strchr(word, '*'), *all;
	size_t len, times;

	if (!star)
		return word;
	len = star - word;
	times = strtoul(star + 1, NULL, 10);
	all = calloc(len * times + 1, 1);
	for (size_t i = 0; all && i < times; i++)
		memcpy(all + i * len, word, len);
	return all;
}

int main(int argc, char **argv)
{
	char line[1024], *words[MAX_WORDS + 1];

	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: calls DIRECTORY <SCRIPT\n");
		return 2;
	}
	umask(0);
	while (fgets(line, sizeof(line), stdin)) {
		int nr = 0, rc;

		line[strcspn(line, "#\n")] = '\0';
		printf("%s", line);
		for (char *w = strtok(line, " \t"); w && nr < MAX_WORDS; w = strtok(NULL, " \t"))
			words[nr++] = expand_word(w);
		words[nr] = NULL;
		if (!nr) {
			putchar('\n');
			continue;
		}
		memset(answer, 0, sizeof(answer));
		errno = 0;
		rc = make_call(words, nr);
		printf(" -> %s %s\n", rc ? strerrorname_np(errno) : "ok", rc ? "" : answer);
	}
	return 0;
}
