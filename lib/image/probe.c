// SPDX-License-Identifier: GPL-2.0
/*
 * probe.c - find partition tables and superblocks with libblkid
 *
 * libblkid reads the file descriptor that the blockdev lends to probers.  For a blockdev
 * that lends none, it reads a sparse memory file with the first and the last part of the
 * device, which contain the tables and superblocks, and the beginning of the file table of
 * NTFS.
 */
#define _GNU_SOURCE
#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bytes.h"
#include "gpt.h"
#include "image.h"
#include "prefetch.h"
#include "zeros.h"

#define WINDOW_HEAD	(8u << 20)	/* farthest signatures: second header of LUKS2, VMFS */
#define WINDOW_TAIL	(1u << 20)	/* GPT, RAID metadata */
#define WINDOW_STEP	(1u << 20)	/* bytes per request; the device may be remote */
#define WINDOW_CHUNK	(16u << 10)	/* unit in which zeros are left out */
#define WINDOW_BLOCK	(4u << 10)	/* bytes per read after an error: the unit of dm-verity */

/* Protects the file offsets of the probers' descriptors: libblkid changes them. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct probe {
	blkid_probe pr;
	int fd;
	bool shared;			/* fd belongs to the blockdev, and the lock is held */
};

/* Write all but zeros: the first write to a page costs more than the comparison. */
static int write_sparse(int fd, const char *buf, size_t len, uint64_t off)
{
	while (len) {
		size_t chunk = len < WINDOW_CHUNK ? len : WINDOW_CHUNK;

		if (!all_zeros(buf, chunk)) {
			ssize_t n = pwrite(fd, buf, chunk, off);

			if (n != (ssize_t)chunk)
				return n < 0 ? -errno : -EIO;
		}
		buf += chunk;
		off += chunk;
		len -= chunk;
	}
	return 0;
}

/*
 * Read a range that has unreadable blocks.  They become zeros, because the volume can often
 * be used without them.  -EIO if the range is at the beginning, and no block can be read.
 */
static int read_readable(const struct device *d, char *buf, size_t len, uint64_t off)
{
	size_t good = 0;

	for (size_t at = 0; at < len; at += WINDOW_BLOCK) {
		size_t step = len - at < WINDOW_BLOCK ? len - at : WINDOW_BLOCK;
		int rc = device_read(d, buf + at, step, off + at);

		if (rc && rc != -EIO)
			return rc;
		if (rc)
			memset(buf + at, 0, step);
		good += !rc;
	}
	return good || off ? 0 : -EIO;
}

static int read_step(const struct device *d, char *buf, size_t len, uint64_t off)
{
	int rc = device_read(d, buf, len, off);

	/* Stop at an error: an unavailable server would be asked again for each block. */
	if (rc != -EIO || (d->bd && d->bd->is_remote))
		return rc;
	return read_readable(d, buf, len, off);
}

static int copy_window(const struct device *d, int fd, uint64_t off, uint64_t len)
{
	char *buf = malloc(WINDOW_STEP);
	int rc = buf ? 0 : -ENOMEM;

	while (!rc && len) {
		uint64_t step = device_known_zeros(d, off, len);

		if (!step) {
			step = len < WINDOW_STEP ? len : WINDOW_STEP;
			rc = read_step(d, buf, step, off);
			if (!rc)
				rc = write_sparse(fd, buf, step, off);
		}
		off += step;
		len -= step;
	}
	free(buf);
	return rc;
}

/* A range that probers read. */
struct window {
	uint64_t offset, len;
};

/*
 * The windows for remote images, where each byte costs time: only the places at which the
 * probers of util-linux 2.38 look (libblkid/src/superblocks).  These are the beginning, VMFS
 * at 1 and 2 MiB, copies of the LUKS2 header up to 4 MiB, and at the end the last two ZFS
 * labels, RAID and GPT.
 */
static const struct window remote_windows[] = {
	{ 0, 640 << 10 }, { 1 << 20, 64 << 10 }, { 2 << 20, 64 << 10 }, { 4 << 20, 4 << 10 },
};
#define REMOTE_TAIL	(576u << 10)
#define MOST_WINDOWS	(sizeof(remote_windows) / sizeof(remote_windows[0]) + 1)

/* Get the windows of @d, sorted and inside the device; returns their number. */
static unsigned int choose_windows(const struct device *d, struct window *w)
{
	static const struct window head = { 0, WINDOW_HEAD };
	bool remote = d->bd && d->bd->is_remote;
	const struct window *from = remote ? remote_windows : &head;
	unsigned int most = remote ? sizeof(remote_windows) / sizeof(*from) : 1, nr = 0;
	uint64_t end = 0, tail = remote ? REMOTE_TAIL : WINDOW_TAIL;

	for (unsigned int i = 0; i < most && from[i].offset < d->size; i++) {
		w[nr] = from[i];
		if (w[nr].len > d->size - w[nr].offset)
			w[nr].len = d->size - w[nr].offset;
		end = w[nr].offset + w[nr].len;
		nr++;
	}
	if (tail > d->size - end)
		tail = d->size - end;
	if (tail)
		w[nr++] = (struct window){ d->size - tail, tail };
	return nr;
}

void probe_prefetch(const struct device *d)
{
	struct window w[MOST_WINDOWS];
	unsigned int nr = d->bd && d->bd->is_remote ? choose_windows(d, w) : 0;

	for (unsigned int i = 0; i < nr; i++)
		blockdev_prefetch(d->bd, d->start + w[i].offset, w[i].len);
}

/*
 * Offset of the file table of an NTFS whose boot sector is in @boot, or 0 if there is no
 * NTFS or its table is not on @d.
 */
static uint64_t ntfs_table(const struct device *d, const uint8_t *boot)
{
	uint64_t cluster = boot[13] < 0x80 ? boot[13] : 1ull << (-boot[13] & 0x1f);

	if (memcmp(boot + 3, "NTFS    ", 8))
		return 0;
	cluster *= get_le16(boot + 11);
	if (!cluster || get_le64(boot + 48) > (d->size - 1) / cluster)
		return 0;
	return get_le64(boot + 48) * cluster;
}

/*
 * libblkid recognises NTFS only if it can read the first records of the file table, which
 * Windows puts 3 GiB after the start of the volume.
 */
static int copy_ntfs_table(const struct device *d, int fd)
{
	uint8_t boot[512];
	uint64_t at;

	if (pread(fd, boot, sizeof(boot), 0) != sizeof(boot))
		return 0;	/* the device is shorter than a boot sector */
	at = ntfs_table(d, boot);
	if (!at)
		return 0;
	at -= at % 4096;
	return copy_window(d, fd, at, d->size - at < WINDOW_CHUNK ? d->size - at : WINDOW_CHUNK);
}

/* Make a memory file in which a prober finds the same as in @d. */
static int window_open(const struct device *d)
{
	struct window w[MOST_WINDOWS];
	unsigned int nr = choose_windows(d, w);
	int fd = memfd_create("anyfs-probe", MFD_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = ftruncate(fd, d->size) ? -errno : 0;
	probe_prefetch(d);
	for (unsigned int i = 0; i < nr && !rc; i++)
		rc = copy_window(d, fd, w[i].offset, w[i].len);
	if (!rc)
		rc = copy_ntfs_table(d, fd);
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

static int open_fd(struct probe *p, const struct device *d)
{
	p->fd = d->bd ? blockdev_descriptor(d->bd, BLOCKDEV_FD_PROBE) : -1;
	p->shared = p->fd >= 0;
	if (p->shared) {
		pthread_mutex_lock(&lock);
		return 0;
	}
	p->fd = window_open(d);
	return p->fd < 0 ? p->fd : 0;
}

static void probe_end(struct probe *p)
{
	blkid_free_probe(p->pr);
	if (p->shared) {
		/*
		 * Undo libblkid's change of the read-ahead mode, which a duplicate of fd
		 * may share.
		 */
		posix_fadvise(p->fd, 0, 0, POSIX_FADV_NORMAL);
		pthread_mutex_unlock(&lock);
	} else {
		close(p->fd);
	}
}

static int probe_begin(struct probe *p, const struct device *d)
{
	uint64_t start = 0, size = d->size;
	int rc;

	p->pr = blkid_new_probe();
	if (!p->pr)
		return -ENOMEM;
	rc = open_fd(p, d);
	if (rc) {
		blkid_free_probe(p->pr);
		return rc;
	}
	if (p->shared) {
		start = d->bd->fd_start + d->start;
		/*
		 * libblkid reads the image file directly, and the file may end within its
		 * last sector.
		 */
		if (d->start + d->size == d->bd->capacity)
			size -= d->bd->tail;
	}
	if (blkid_probe_set_device(p->pr, p->fd, start, size)) {
		rc = errno ? -errno : -EIO;
		probe_end(p);
		return rc;
	}
	blkid_probe_set_sectorsize(p->pr, d->block);
	return 0;
}

static void copy_text(char *dst, size_t len, const char *src)
{
	snprintf(dst, len, "%s", src ? src : "");
}

static void fill_entry(struct probe_entry *e, blkid_partition par, const char *table)
{
	const char *type = blkid_partition_get_type_string(par);

	e->number = blkid_partition_get_partno(par);
	e->start = (uint64_t)blkid_partition_get_start(par) * 512;
	e->size = (uint64_t)blkid_partition_get_size(par) * 512;
	e->extended = blkid_partition_is_extended(par);
	if (type)
		copy_text(e->type, sizeof(e->type), type);
	else
		snprintf(e->type, sizeof(e->type), "0x%02x",
			 (unsigned int)blkid_partition_get_type(par));
	copy_text(e->name, sizeof(e->name), blkid_partition_get_name(par));
	copy_text(e->uuid, sizeof(e->uuid), blkid_partition_get_uuid(par));
}

static int fill_table(struct probe_table *t, blkid_partlist list)
{
	blkid_parttable tab = blkid_partlist_get_table(list);
	int nr = blkid_partlist_numof_partitions(list);

	if (!tab)
		return 0;
	copy_text(t->type, sizeof(t->type), blkid_parttable_get_type(tab));
	if (nr <= 0)
		return 0;
	t->entries = calloc(nr, sizeof(*t->entries));
	if (!t->entries)
		return -ENOMEM;
	t->nr = nr;
	for (int i = 0; i < nr; i++)
		fill_entry(&t->entries[i], blkid_partlist_get_partition(list, i), t->type);
	return 0;
}

static int libblkid_parttable(const struct device *d, struct probe_table *t)
{
	struct probe p;
	blkid_partlist list;
	int rc;

	rc = probe_begin(&p, d);
	if (rc)
		return rc;
	blkid_probe_enable_superblocks(p.pr, 0);
	blkid_probe_enable_partitions(p.pr, 1);
	errno = 0;
	list = blkid_probe_get_partitions(p.pr);
	if (list)
		rc = fill_table(t, list);
	else if (errno == EIO || errno == ENOMEM)
		rc = -errno;
	probe_end(&p);
	return rc;
}

int probe_parttable(const struct device *d, struct probe_table *t)
{
	int rc;

	memset(t, 0, sizeof(*t));
	rc = libblkid_parttable(d, t);
	/* The GPT may be for a longer disk; libblkid rejects that, so read it here. */
	return rc || *t->type ? rc : gpt_find_table(d, t);
}

void probe_table_free(struct probe_table *t)
{
	free(t->entries);
	memset(t, 0, sizeof(*t));
}

static void copy_tag(blkid_probe pr, const char *tag, char *dst, size_t len)
{
	const char *value = NULL;

	if (blkid_probe_lookup_value(pr, tag, &value, NULL))
		value = NULL;
	copy_text(dst, len, value);
}

/*
 * libblkid reads 1 MiB to find ZFS, which takes longer than mounting an ext4.  Skip this
 * if none of the four labels can be present: each contains, at 16 KiB, a name-value list
 * that begins with its encoding, XDR (OpenZFS, vdev_impl.h: vdev_label_t; nvpair.c:
 * nvs_header_t).
 */
#define ZFS_LABEL	(256u << 10)
#define ZFS_NVLIST	(16u << 10)
#define NV_ENCODE_XDR	1

static bool may_be_zfs(const struct probe *p)
{
	uint64_t start = blkid_probe_get_offset(p->pr);
	uint64_t end = blkid_probe_get_size(p->pr) / ZFS_LABEL * ZFS_LABEL;
	unsigned char encoding;

	for (unsigned int label = 0; label < 4 && end >= 4 * ZFS_LABEL; label++) {
		uint64_t at = label < 2 ? label * ZFS_LABEL : end - (4 - label) * ZFS_LABEL;

		if (pread(p->fd, &encoding, 1, start + at + ZFS_NVLIST) != 1 ||
		    encoding == NV_ENCODE_XDR)
			return true;
	}
	return false;
}

/*
 * An external XFS log has a record header at the start of one of the first 512 sectors
 * (xfs_log_format.h).  The prober reads them all into fresh memory.
 */
#define XFS_LOG_SPAN	(256u << 10)

static bool may_be_xfs_log(const struct probe *p)
{
	static const unsigned char magic[4] = { 0xfe, 0xed, 0xba, 0xbe };
	uint64_t start = blkid_probe_get_offset(p->pr);
	unsigned char buf[4 << 10];

	if (blkid_probe_get_size(p->pr) < XFS_LOG_SPAN)
		return false;
	for (unsigned int at = 0; at < XFS_LOG_SPAN; at += sizeof(buf)) {
		if (pread(p->fd, buf, sizeof(buf), start + at) != sizeof(buf))
			return true;
		for (unsigned int sector = 0; sector < sizeof(buf); sector += 512)
			if (!memcmp(buf + sector, magic, sizeof(magic)))
				return true;
	}
	return false;
}

/* Disable expensive probers that a cheap check can rule out. */
static void skip_impossible(const struct probe *p)
{
	char zfs[] = "zfs_member", xfs_log[] = "xfs_external_log";
	char *not[3] = { NULL };
	unsigned int nr = 0;

	if (!may_be_zfs(p))
		not[nr++] = zfs;
	if (!may_be_xfs_log(p))
		not[nr++] = xfs_log;
	if (nr)
		blkid_probe_filter_superblocks_type(p->pr, BLKID_FLTR_NOTIN, not);
}

static enum probe_usage usage_of(const char *usage)
{
	if (!strcmp(usage, "filesystem"))
		return PROBE_FILESYSTEM;
	if (!strcmp(usage, "crypto") || !strcmp(usage, "raid"))
		return PROBE_CONTAINER;
	return PROBE_OTHER;
}

int probe_superblock(const struct device *d, struct probe_super *s)
{
	char usage[32];
	struct probe p;
	int rc;

	memset(s, 0, sizeof(*s));
	if (!device_is_whole(d))
		return -ENXIO;
	rc = probe_begin(&p, d);
	if (rc)
		return rc;
	blkid_probe_enable_superblocks(p.pr, 1);
	skip_impossible(&p);
	blkid_probe_set_superblocks_flags(p.pr, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID |
					  BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE);
	errno = 0;
	rc = blkid_do_safeprobe(p.pr);
	if (rc == 0) {
		copy_tag(p.pr, "TYPE", s->fstype, sizeof(s->fstype));
		copy_tag(p.pr, "LABEL", s->label, sizeof(s->label));
		copy_tag(p.pr, "UUID", s->uuid, sizeof(s->uuid));
		copy_tag(p.pr, "USAGE", usage, sizeof(usage));
		s->usage = usage_of(usage);
	} else if (rc == -2) {
		s->usage = PROBE_AMBIGUOUS;
		rc = 0;
	} else if (rc == 1) {
		rc = 0;
	} else {
		rc = errno ? -errno : -EIO;
	}
	probe_end(&p);
	return !rc && s->usage == PROBE_NONE ? probe_signature(d, s) : rc;
}
