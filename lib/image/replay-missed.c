// SPDX-License-Identifier: GPL-2.0
/*
 * replay-missed.c - journals that the kernel passes over in silence
 *
 * Some file systems mount read-only and show what a dirty journal has left:
 *
 *   ntfs3    replays when it is mounted writable, and only then.  So it is, for
 *            a moment, on the disk's shadow.
 *   jfs      never replays: jfs_fsck does.
 *   hfsplus  never replays.
 */
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include "image.h"
#include "ksys.h"
#include "replay.h"
#include <lkl/linux/mount.h>

/* ---- ntfs3 ---------------------------------------------------------------- */

/* The restart page of $LogFile, little endian; two of them, the newer one counts. */
#define RESTART_PAGE		4096
#define RESTART_AREA_OFFSET	0x18	/* u16, of the page */
#define AREA_LSN		0x00	/* u64, of the area */
#define AREA_CLIENTS_IN_USE	0x0c	/* u16: first in use, 0xffff: none */
#define AREA_FLAGS		0x0e	/* u16 */
#define AREA_BYTES		0x30
#define VOLUME_IS_CLEAN		0x0002

static uint16_t get16(const unsigned char *p)
{
	return p[0] | p[1] << 8;
}

static uint64_t get64(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static const unsigned char *restart_area(const unsigned char *page)
{
	unsigned int offset = get16(page + RESTART_AREA_OFFSET);

	if (memcmp(page, "RSTR", 4) || offset > RESTART_PAGE - AREA_BYTES)
		return NULL;
	return page + offset;
}

static bool ntfs_log_is_dirty(const unsigned char *pages)
{
	const unsigned char *area = restart_area(pages);
	const unsigned char *other = restart_area(pages + RESTART_PAGE);

	if (!area || (other && get64(other + AREA_LSN) > get64(area + AREA_LSN)))
		area = other;
	return area && get16(area + AREA_CLIENTS_IN_USE) != 0xffff &&
	       !(get16(area + AREA_FLAGS) & VOLUME_IS_CLEAN);
}

static bool ntfs_is_dirty(struct anyfs_kernel *k, const char *point)
{
	unsigned char pages[2 * RESTART_PAGE];
	char path[128];
	int64_t fd, n;

	snprintf(path, sizeof(path), "%s/$LogFile", point);
	fd = k_open(k, path, LKL_O_RDONLY | LKL_O_CLOEXEC);
	if (fd < 0)
		return false;
	n = k_read(k, fd, pages, sizeof(pages));
	k_close(k, fd);
	return n == sizeof(pages) && ntfs_log_is_dirty(pages);
}

/* "force": as a rule the volume is marked dirty as well. */
static int64_t ntfs_write_and_mount(struct anyfs_kernel *k, const struct mount_request *rq,
				    const char *dev, AnyfsMount *m)
{
	int64_t rc = mount_call(k, dev, m->mount_point, m->fstype, rq->flags & ~LKL_MS_RDONLY,
				rq->opts, "force");

	if (rc >= 0)
		rc = k_umount(k, m->mount_point, 0);
	return rc < 0 ? rc : replay_mount_readonly(k, rq, dev, m);
}

static int64_t ntfs_missed(struct anyfs_kernel *k, const struct mount_request *rq,
			   const char *dev, AnyfsMount *m)
{
	int64_t rc;

	if (!ntfs_is_dirty(k, m->mount_point))
		return 0;
	rc = k_umount(k, m->mount_point, 0);
	if (rc < 0)
		return rc;
	if (replay_on_shadow(k, rq, ntfs_write_and_mount, m) >= 0)
		return 0;
	snprintf(m->note, sizeof(m->note), NOTE_MISSED, replay_give_up(k, rq->disk));
	return replay_mount_readonly(k, rq, dev, m);
}

/* ---- what cannot be replayed ---------------------------------------------- */

#define JFS_SUPER	32768		/* bytes into the partition */
#define JFS_STATE	40		/* u32, of the superblock; 0: clean */

static bool jfs_is_dirty(struct anyfs_kernel *k, const struct mount_request *rq,
			 struct blockdev *bd)
{
	unsigned char super[4096];
	uint64_t start, size;

	return !parts_extent(k, rq->disk, rq->part, &start, &size) &&
	       !blockdev_pread(bd, super, sizeof(super), start + JFS_SUPER) &&
	       (get16(super + JFS_STATE) || get16(super + JFS_STATE + 2));
}

static bool hfsplus_is_dirty(struct anyfs_kernel *k, const struct klog_mark *mark)
{
	char said[256];

	klog_since(k, mark, said, sizeof(said));
	return strstr(said, "not cleanly unmounted");
}

int64_t replay_missed(struct anyfs_kernel *k, const struct mount_request *rq,
		      struct blockdev *bd, const char *dev, AnyfsMount *m,
		      const struct klog_mark *mark)
{
	if (!strcmp(m->fstype, "ntfs3"))
		return ntfs_missed(k, rq, dev, m);
	if (!strcmp(m->fstype, "jfs") && jfs_is_dirty(k, rq, bd))
		snprintf(m->note, sizeof(m->note), NOTE_MISSED, " (only jfs_fsck can)");
	else if (!strcmp(m->fstype, "hfsplus") && hfsplus_is_dirty(k, mark))
		snprintf(m->note, sizeof(m->note), NOTE_UNCLEAN);
	return 0;
}
