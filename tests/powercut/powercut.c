// SPDX-License-Identifier: GPL-2.0
/*
 * Cut the power of a disk that is being written to, many times, and check that the file
 * system keeps its promises: it mounts, synced data are there, no file has content that
 * was never written, a new file can be written, and fsck finds no error.
 *
 *	powercut [OPTIONS] FSTYPE
 *	  --states N	cuts, over all recordings (20)
 *	  --recordings N  runs of the workload that share the cuts (1)
 *	  --steps N	of each of the workload's threads (150)
 *	  --seed N	of workload and cuts (1)
 *	  --keep FILE	where the recording of a failed cut goes
 *	  --replay FILE	use this recording
 *	  --cut ID	only this cut
 *	  --disk FILE	store the disk in the state after the cut; with --cut
 *	  --lie		use a disk that ignores flushes
 *
 * The program prints a line for each failure and a line of totals.  It exits with 1 if a check
 * failed, and with 2 if the tester itself failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include "powercut.h"

struct options {
	unsigned long states, recordings, steps, seed, cut;
	const char *keep, *replay, *disk;
	bool one_cut, ignore_flushes;
};

struct totals {
	unsigned long states, entries, promises, pending, kept;
	unsigned long unmountable, lost, garbled, unwritable, unclean, failed;
	uint64_t digest;		/* of the results of the cuts */
};

/* ---- one cut ---- */

/* Check that the file system can be written after the cut. */
static long write_after_cut(const char *root)
{
	char path[128];
	long fd, ret;

	snprintf(path, sizeof(path), "%s/after-the-cut", root);
	fd = lkl_sys_open(path, LKL_O_RDWR | LKL_O_CREAT | LKL_O_EXCL, 0644);
	if (fd < 0)
		return fd;
	ret = lkl_sys_write(fd, path, sizeof(path));
	if (ret >= 0)
		ret = lkl_sys_fsync(fd);
	lkl_sys_close(fd);
	return ret;
}

/* Mount the disk and verify its files; true if correct, otherwise the fault is in *@why. */
static bool check_mounted(const struct recording *rec, const struct cut *cut, int fd,
			  struct totals *t, char *why, size_t len)
{
	struct blockdev *raw;
	struct verdict v;
	struct rig rig;
	long err;

	if (raw_open_fd(fd, "powercut", BLOCKDEV_WRITE, &raw))
		die("%s", anyfs_strerror_last());
	if (rig_up(&rig, raw, rec->fs->name)) {
		t->unmountable++;
		snprintf(why, len, "cannot be mounted: %s", anyfs_strerror_last());
		return false;
	}
	verify_tree(rec, rig.root, cut->tick, &v);
	err = write_after_cut(rig.root);
	if (rig_down(&rig) && err >= 0)
		err = -EIO;
	t->promises += v.promises;
	t->lost += !!v.lost;
	t->garbled += !!v.garbled;
	t->unwritable += err < 0;
	if (v.lost || v.garbled)
		snprintf(why, len, "%u lost, %u garbled; %s", v.lost, v.garbled, v.first);
	else if (err < 0)
		snprintf(why, len, "cannot be written to: error %ld", -err);
	return !v.lost && !v.garbled && err >= 0;
}

static void note_cut(struct totals *t, const struct cut *cut)
{
	t->states++;
	t->pending += cut->pending;
	t->kept += cut->kept;
	t->digest = (t->digest ^ cut->tick ^ cut->choice) * 0x100000001b3ull;
}

static void save_disk(int fd, const char *path)
{
	int to = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (to < 0)
		die("%s: %s", path, strerror(errno));
	image_copy(to, fd);
	close(to);
}

static bool check_cut(const struct recording *rec, struct cutter *c, struct cut *cut, int fd,
		      const char *disk, struct totals *t)
{
	char why[600] = "";
	bool ok;

	cutter_build(c, cut, fd);
	note_cut(t, cut);
	if (disk)
		save_disk(fd, disk);
	ok = check_mounted(rec, cut, fd, t, why, sizeof(why));
	if (!*why || strncmp(why, "cannot be mounted", 17)) {
		if (!image_fsck(fd, rec->fs)) {
			t->unclean++;
			if (ok)
				snprintf(why, sizeof(why), "%s finds errors", rec->fs->fsck[0]);
			ok = false;
		}
	}
	if (!ok) {
		t->failed++;
		printf("%s: seed %llu cut %llu (tick %llu of %llu, %u pending writes, %s): %s\n",
		       rec->fs->name, (unsigned long long)rec->seed, (unsigned long long)cut->id,
		       (unsigned long long)cut->tick, (unsigned long long)rec->end, cut->pending,
		       cut_kind(cut), why);
		fflush(stdout);
	}
	return ok;
}

/* ---- many cuts ---- */

static int by_tick(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	if (x->tick != y->tick)
		return x->tick < y->tick ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void check_recording(const struct recording *rec, const struct options *o,
			    unsigned long states, struct totals *t)
{
	unsigned long nr = o->one_cut ? 1 : states;
	struct cut *cuts = calloc(nr, sizeof(*cuts));
	struct cutter *c = cutter_new(rec);
	int fd = image_new(rec->fs->size);
	bool all_good = true;

	if (!cuts)
		die("out of memory");
	for (unsigned long i = 0; i < nr; i++)
		cuts[i] = cut_make(rec, o->one_cut ? o->cut : i);
	qsort(cuts, nr, sizeof(*cuts), by_tick);
	for (unsigned long i = 0; i < nr; i++)
		all_good &= check_cut(rec, c, &cuts[i], fd, o->disk, t);
	if (!all_good && o->keep) {
		recording_save(rec, o->keep);
		printf("kept: powercut --replay %s --cut ID %s\n", o->keep, rec->fs->name);
	}
	t->entries += rec->nr;
	close(fd);
	cutter_free(c);
	free(cuts);
}

static void run(const struct fs *fs, const struct options *o, struct totals *t)
{
	unsigned long left = o->states;

	for (unsigned long i = 0; i < o->recordings; i++) {
		/* Alternate between the two ways to make a commit block durable. */
		const struct recording_opts opts = {
			.seed = o->seed + i, .steps = o->steps, .fua = (o->seed + i) / 2 % 2,
			.ignore_flushes = o->ignore_flushes,
		};
		unsigned long share = left / (o->recordings - i);
		struct recording rec;

		if (o->replay)
			recording_load(&rec, o->replay);
		else
			recording_make(&rec, fs, &opts);
		if (rec.fs != fs)
			die("%s: a recording of %s", o->replay, rec.fs->name);
		check_recording(&rec, o, share, t);
		left -= share;
		recording_free(&rec);
	}
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "states", required_argument, NULL, 'n' },
		{ "recordings", required_argument, NULL, 'r' },
		{ "steps", required_argument, NULL, 't' },
		{ "seed", required_argument, NULL, 's' },
		{ "keep", required_argument, NULL, 'k' },
		{ "replay", required_argument, NULL, 'p' },
		{ "cut", required_argument, NULL, 'c' },
		{ "disk", required_argument, NULL, 'd' },
		{ "lie", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'n': o->states = number(optarg); break;
		case 'r': o->recordings = number(optarg); break;
		case 't': o->steps = number(optarg); break;
		case 's': o->seed = number(optarg); break;
		case 'k': o->keep = optarg; break;
		case 'p': o->replay = optarg; break;
		case 'c': o->cut = number(optarg); o->one_cut = true; break;
		case 'd': o->disk = optarg; break;
		case 'l': o->ignore_flushes = true; break;
		default: exit(2);
		}
	}
	if (optind != argc - 1 || !o->states || !o->recordings || o->recordings > o->states)
		die("usage: powercut [OPTIONS] FSTYPE; see the head of powercut.c");
}

int main(int argc, char **argv)
{
	struct options o = { .states = 20, .recordings = 1, .steps = 150, .seed = 1 };
	struct totals t = { 0 };
	const struct fs *fs;

	parse(argc, argv, &o);
	fs = fs_find(argv[optind]);
	if (!fs)
		die("%s: not ext4, xfs, btrfs or f2fs", argv[optind]);
	run(fs, &o, &t);
	printf("total %s states %lu requests %lu promises %lu pending %lu kept %lu unmountable %lu "
	       "lost %lu garbled %lu unwritable %lu unclean %lu failed %lu atom %u digest %016llx\n",
	       fs->name, t.states, t.entries, t.promises, t.pending, t.kept, t.unmountable, t.lost,
	       t.garbled, t.unwritable, t.unclean, t.failed, fs->atom,
	       (unsigned long long)t.digest);
	return t.failed ? 1 : 0;
}
