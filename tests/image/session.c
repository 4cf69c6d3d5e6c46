// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - use the sessions of anyfs_session.h, for test-session.sh
 *
 *	session tree IMAGE [PATH]...	enter each path, print its result; then all slots
 *	session cat IMAGE PATH FILE	print a file below PATH
 *	session write IMAGE FLAGS PATH FILE	create FILE, and read it again in the session
 *	session leave IMAGE PATH FILE	leave the partition of PATH while FILE is open, and later
 *	session probe IMAGE PART	print the type and the label of a partition
 *	session calls IMAGE		arguments that are refused, on a disk with /p1 and /p2
 *	session cycle IMAGE PATH N	open, enter, leave and close N times: memory does not grow
 *	session threads IMAGE PATH PATH	two threads enter and leave many times
 *
 * PATH is parsed by anyfs_path_parse().
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "anyfs_session.h"
#include <lkl.h>
#include "tester.h"

#define ROUNDS	50

static AnyfsSession *open_session(const char *image, uint32_t flags)
{
	AnyfsSession *s;

	if (anyfs_session_open(image, flags, &s))
		die("%s", anyfs_get_last_error());
	return s;
}

/* Close the session; end the program if that fails. */
static void close_session(AnyfsSession *s)
{
	anyfs_set_last_error(NULL);
	anyfs_session_close(s);
	if (anyfs_get_last_error())
		die("close: %s", anyfs_get_last_error());
}

static int enter(AnyfsSession *s, const char *text, char *dir)
{
	AnyfsPath path;
	int rc = anyfs_path_parse(text, &path);

	if (rc)
		die("%s", anyfs_get_last_error());
	rc = anyfs_session_enter_path(s, path.comp, path.n_comp, 0, dir);
	anyfs_path_free(&path);
	return rc;
}

static void must_enter(AnyfsSession *s, const char *text, char *dir)
{
	if (enter(s, text, dir))
		die("%s: %s", text, anyfs_get_last_error());
}

static unsigned int part_of(const char *text)
{
	AnyfsPath path;
	unsigned int part;

	if (anyfs_path_parse(text, &path))
		die("%s", anyfs_get_last_error());
	part = path.comp[0].p;
	anyfs_path_free(&path);
	return part;
}

/* ---- Listing -------------------------------------------------------------- */

static void print_slots(AnyfsSession *s, int parent, int depth)
{
	static const char *const states[] = { "new", "mounting", "mounted", "failed" };
	size_t got, nr = anyfs_session_count(s, parent);
	AnyfsPartInfo *buf = calloc(nr + 1, sizeof(*buf));
	int rc = anyfs_session_list(s, parent, buf, nr, &got);

	if (rc < 0)
		printf("%*s(%s)\n", depth * 2, "", strerror(-rc));
	else if ((size_t)rc != nr || got != nr)
		die("%d of %zu slots were listed, and %zu counted", rc, got, nr);
	for (int i = 0; i < rc; i++) {
		const AnyfsPartInfo *p = &buf[i];

		if (p->parent != parent)
			die("slot %d has the parent %d, not %d", p->slot_id, p->parent, parent);
		printf("%*sp%u %s fstype=%s label=%s ptype=%s offset=%llu size=%llu %s\n", depth * 2, "",
		       p->index, anyfs_partkind_name(p->kind), p->fstype, p->label, p->ptype,
		       (unsigned long long)p->offset_bytes, (unsigned long long)p->size_bytes,
		       states[anyfs_session_state_slot(s, p->slot_id)]);
		print_slots(s, p->slot_id, depth + 1);
	}
	free(buf);
}

static void print_tree(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], ANYFS_SESSION_READONLY);
	char dir[ANYFS_LKL_PATH_MAX];
	AnyfsSessionMeta meta;

	for (int i = 1; i < argc; i++) {
		int rc = enter(s, argv[i], dir);

		printf("%s: %s\n", argv[i], rc ? anyfs_get_last_error() : *dir ? "mounted" : "");
		if (rc && rc != -EISDIR && !anyfs_get_last_error())
			die("no text for the error %d", rc);
	}
	if (anyfs_session_meta(s, &meta))
		die("%s", anyfs_get_last_error());
	printf("table=%s size=%llu\n", meta.pt_type, (unsigned long long)meta.logical_size);
	print_slots(s, -1, 0);
	close_session(s);
}

/* ---- Files ---------------------------------------------------------------- */

static long open_below(const char *dir, const char *file, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return lkl_sys_open(path, flags, 0644);
}

static void print_file(const char *dir, const char *file)
{
	char buf[256];
	long fd = open_below(dir, file, LKL_O_RDONLY), n;

	if (fd < 0)
		die("%s/%s: %s", dir, file, lkl_strerror(fd));
	n = lkl_sys_read(fd, buf, sizeof(buf));
	if (n < 0)
		die("%s/%s: %s", dir, file, lkl_strerror(n));
	lkl_sys_close(fd);
	fwrite(buf, 1, n, stdout);
}

static void print_file_by_path(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], ANYFS_SESSION_READONLY);
	char dir[ANYFS_LKL_PATH_MAX], again[ANYFS_LKL_PATH_MAX];

	must_enter(s, argv[1], dir);
	if (anyfs_get_last_error())
		fprintf(stderr, "warning: %s\n", anyfs_get_last_error());
	must_enter(s, argv[1], again);
	if (strcmp(dir, again))
		die("entered again, %s is at %s and not at %s", argv[1], again, dir);
	print_file(dir, argv[2]);
	close_session(s);
}

static void write_file(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], strtoul(argv[1], NULL, 0));
	char dir[ANYFS_LKL_PATH_MAX];
	long fd;

	must_enter(s, argv[2], dir);
	fd = open_below(dir, argv[3], LKL_O_CREAT | LKL_O_WRONLY);
	if (fd < 0)
		die("%s: %s", argv[3], lkl_strerror(fd));
	if (lkl_sys_write(fd, "written\n", 8) != 8 || lkl_sys_close(fd))
		die("%s: cannot be written", argv[3]);
	print_file(dir, argv[3]);
	close_session(s);
}

static void leave(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], ANYFS_SESSION_READONLY);
	char dir[ANYFS_LKL_PATH_MAX];
	unsigned int part = part_of(argv[1]);
	long fd;

	if (anyfs_session_leave(s, part))
		die("a partition that was not entered: %s", anyfs_get_last_error());
	must_enter(s, argv[1], dir);
	fd = open_below(dir, argv[2], LKL_O_RDONLY);
	if (anyfs_session_leave(s, part) != -EBUSY)
		die("a partition was left that has open files");
	if (anyfs_session_state(s, part) != ANYFS_PART_MOUNTED)
		die("a partition is not mounted after it could not be left");
	print_file(dir, argv[2]);
	lkl_sys_close(fd);
	if (anyfs_session_leave(s, part))
		die("%s", anyfs_get_last_error());
	if (anyfs_session_state(s, part) != ANYFS_PART_NEW)
		die("a partition that was left is not new");
	if (open_below(dir, argv[2], LKL_O_RDONLY) >= 0)
		die("a partition that was left has files");
	must_enter(s, argv[1], dir);
	print_file(dir, argv[2]);
	close_session(s);
}

static void probe(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], ANYFS_SESSION_READONLY);
	unsigned int part = strtoul(argv[1], NULL, 10);
	char fstype[32], label[64];
	uint64_t used;

	if (anyfs_session_probe(s, part, fstype, label, &used))
		die("%s", anyfs_get_last_error());
	printf("%s %s %s\n", fstype, label, used ? "used" : "unknown");
	if (anyfs_session_state(s, part) != ANYFS_PART_NEW)
		die("a probe has entered the partition");
	if (anyfs_session_probe(s, part, NULL, NULL, NULL))
		die("%s", anyfs_get_last_error());
	close_session(s);
}

/* ---- Errors --------------------------------------------------------------- */

static void expect(int rc, int want, const char *call)
{
	if (rc != want)
		die("%s: %d, not %d", call, rc, want);
	if (rc < 0 && !anyfs_get_last_error())
		die("%s: no text", call);
	anyfs_set_last_error(NULL);
}

#define EXPECT(want, call)	expect(call, want, #call)

static void check_calls(int argc, char **argv)
{
	const AnyfsPathComp none = { 7, NULL }, below[2] = { { 2, NULL }, { 1, NULL } };
	const AnyfsPathComp key = { 2, "keyfoo=x" };
	char dir[ANYFS_LKL_PATH_MAX] = "unchanged";
	AnyfsPartInfo info;
	AnyfsSession *s;
	size_t got;
	int slot;

	EXPECT(-ENOENT, anyfs_session_open("/missing/image", 0, &s));
	if (s)
		die("a session that could not be opened is there");
	EXPECT(-EINVAL, anyfs_session_open(argv[0], 1u << 31, &s));
	EXPECT(-EINVAL, anyfs_session_open(argv[0], ANYFS_BACKEND_RAW | ANYFS_BACKEND_QEMU, &s));
	EXPECT(-EINVAL, anyfs_session_open(NULL, 0, &s));
	EXPECT(-EINVAL, anyfs_session_open(argv[0], 0, NULL));
	s = open_session(argv[0], ANYFS_SESSION_READONLY);
	if (strcmp(anyfs_session_display(s), argv[0]) || anyfs_session_id(s) < 0)
		die("the session is %s, %d", anyfs_session_display(s), anyfs_session_id(s));
	EXPECT(-ENXIO, anyfs_session_enter(s, 7, 0, dir));
	if (*dir)
		die("a path was stored after an error");
	EXPECT(-ENXIO, anyfs_session_enter(s, 0, 0, dir));
	EXPECT(-ENXIO, anyfs_session_enter(s, 256, 0, dir));
	EXPECT(-ENXIO, anyfs_session_enter(s, ~0u, 0, dir));
	EXPECT(-EINVAL, anyfs_session_enter(s, 1, 2, dir));
	EXPECT(-EINVAL, anyfs_session_enter_path(s, NULL, 0, 0, dir));
	EXPECT(-ENXIO, anyfs_session_enter_path(s, &none, 1, 0, dir));
	EXPECT(-ENOTDIR, anyfs_session_enter_path(s, below, 2, 0, dir));
	if (anyfs_session_state(s, 2) != ANYFS_PART_NEW)
		die("a partition was entered that is not a container");
	EXPECT(-EINVAL, anyfs_session_enter_path(s, &key, 1, 0, dir));
	if (anyfs_session_state(s, 2) != ANYFS_PART_FAILED || !anyfs_session_fail_reason(s, 2))
		die("the failure has no reason");
	EXPECT(0, anyfs_session_walk(s, below, 1, 0, &slot, dir));
	if (slot != 2 || !*dir || anyfs_session_fail_reason(s, 2))
		die("slot %d is at \"%s\"", slot, dir);
	EXPECT(0, anyfs_session_enter(s, 2, 0, NULL));
	EXPECT(-ENXIO, anyfs_session_leave(s, 7));
	EXPECT(-ENXIO, anyfs_session_probe(s, 7, NULL, NULL, NULL));
	EXPECT(-ENXIO, anyfs_session_list(s, 7, &info, 1, &got));
	EXPECT(-ENXIO, anyfs_session_list(s, -2, &info, 1, &got));
	EXPECT(-EINVAL, anyfs_session_list(s, -1, NULL, 1, &got));
	EXPECT(1, anyfs_session_list(s, -1, &info, 1, &got));
	if (got != 2 || info.index != 1)
		die("%zu partitions, the first is %u", got, info.index);
	EXPECT(1, anyfs_session_list(s, -1, &info, 1, NULL));
	EXPECT(0, anyfs_session_list(s, 2, &info, 1, &got));
	if (anyfs_session_state(s, 7) != ANYFS_PART_NEW || anyfs_session_fail_reason(s, 7))
		die("a partition that is not there has a state");
	close_session(s);
	anyfs_session_close(NULL);
}

/* ---- Repeated and parallel use -------------------------------------------- */

static long resident_kib(void)
{
	long pages, resident;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%ld %ld", &pages, &resident) != 2)
		die("/proc/self/statm cannot be read");
	fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void open_and_leave(const char *image, const char *path)
{
	AnyfsSession *s = open_session(image, ANYFS_SESSION_READONLY);
	char dir[ANYFS_LKL_PATH_MAX];

	must_enter(s, path, dir);
	if (anyfs_session_leave(s, part_of(path)))
		die("%s", anyfs_get_last_error());
	must_enter(s, path, dir);
	close_session(s);
}

static void open_repeatedly(int argc, char **argv)
{
	long n = strtol(argv[2], NULL, 10), before = 0, after;
	int first = -1, disk;

	for (long i = 0; i < n; i++) {
		AnyfsSession *s;

		open_and_leave(argv[0], argv[1]);
		s = open_session(argv[0], ANYFS_SESSION_READONLY);
		disk = anyfs_session_id(s);
		close_session(s);
		if (first < 0)
			first = disk;
		if (disk != first)
			die("after %ld rounds a disk was left behind: its number is %d", i, disk);
		if (i == n / 2)
			before = resident_kib();
	}
	after = resident_kib();
	if (after > before + 2048)
		die("%ld rounds took %ld KiB", n / 2, after - before);
}

struct thread {
	AnyfsSession *session;
	const char *path;
};

static void *enter_and_leave(void *data)
{
	const struct thread *t = data;
	unsigned int part = part_of(t->path);
	char dir[ANYFS_LKL_PATH_MAX];

	for (int i = 0; i < ROUNDS; i++) {
		long fd;
		int rc;

		must_enter(t->session, t->path, dir);
		fd = open_below(dir, "", LKL_O_RDONLY);
		rc = anyfs_session_leave(t->session, part);
		if (fd >= 0)
			lkl_sys_close(fd);
		/* The other thread may have left the partition, or have a file of it open. */
		if (rc && rc != -EBUSY)
			die("%s", anyfs_get_last_error());
		anyfs_session_state(t->session, part);
		anyfs_session_fail_reason(t->session, part);
		if (anyfs_session_count(t->session, -1) < 2)
			die("partitions have disappeared");
	}
	return NULL;
}

static void enter_by_threads(int argc, char **argv)
{
	AnyfsSession *s = open_session(argv[0], ANYFS_SESSION_READONLY);
	struct thread t[2] = { { s, argv[1] }, { s, argv[2] } };
	pthread_t id[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&id[i], NULL, enter_and_leave, &t[i]))
			die("no thread could be started");
	for (int i = 0; i < 2; i++)
		pthread_join(id[i], NULL);
	close_session(s);
}

static const struct {
	const char *name;
	int min, max;			/* arguments */
	void (*run)(int argc, char **argv);
} commands[] = {
	{ "tree", 1, 32, print_tree }, { "cat", 3, 3, print_file_by_path },
	{ "write", 4, 4, write_file },
	{ "leave", 3, 3, leave }, { "probe", 2, 2, probe }, { "calls", 1, 1, check_calls },
	{ "cycle", 3, 3, open_repeatedly }, { "threads", 3, 3, enter_by_threads },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc < 2 || strcmp(argv[1], commands[i].name))
			continue;
		if (argc - 2 < commands[i].min || argc - 2 > commands[i].max)
			die("%s: wrong number of arguments", argv[1]);
		commands[i].run(argc - 2, argv + 2);
		return 0;
	}
	die("no such command");
}
