// SPDX-License-Identifier: GPL-2.0
/*
 * node-btrfs.c - find the devices of a btrfs with several devices
 *
 * The kernel finds the devices of a btrfs only if they are registered.  Here they are searched
 * for like the members of an array, and registered.
 *
 * Reference: "Superblock" in the btrfs documentation (dev/On-disk-format).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "image.h"
#include "kernel-syscalls.h"
#include "node.h"
#include <lkl/linux/btrfs.h>

#define SUPER_AT	65536u		/* in bytes; the structure begins with a check sum */
#define SUPER_BYTES	0x100u
#define SUPER_FSID	0x20u
#define SUPER_MAGIC	0x40u
#define SUPER_DEVICES	0x88u		/* u64: number of devices */
#define SUPER_DEVICE_ID	0xc9u		/* u64: number of this device */

#define DEVICES_MAX	256u

#define CONTROL_MINOR	234		/* BTRFS_MINOR */
#define CONTROL_PATH	"/dev/btrfs-control"

struct devices {
	const struct anyfs_node *first;	/* the node that is mounted */
	uint8_t fsid[16];		/* of the file system */
	uint64_t wanted;		/* number of devices of the file system */
	uint64_t ids[DEVICES_MAX];	/* device ids in the superblocks that were found */
	unsigned int found;		/* entries of ids in use */
	int err;			/* the first error of a search, or 0 */
};

static int64_t control(struct anyfs_kernel *k, unsigned long cmd, const char *path)
{
	struct lkl_btrfs_ioctl_vol_args args = { 0 };

	snprintf(args.name, sizeof(args.name), "%s", path);
	return devnode_control(k, CONTROL_PATH, CONTROL_MINOR, cmd, &args);
}

static bool read_super(const struct device *d, uint8_t *super)
{
	return !device_read(d, super, SUPER_BYTES, SUPER_AT) &&
	       !memcmp(super + SUPER_MAGIC, "_BHRfS_M", 8);
}

static bool is_found(const struct devices *s, uint64_t id)
{
	for (unsigned int i = 0; i < s->found; i++)
		if (s->ids[i] == id)
			return true;
	return false;
}

/* Register the device that holds @n with the kernel. */
static void take_device(struct devices *s, struct anyfs_node *n, const uint8_t *super)
{
	struct anyfs_kernel *k = n->image->ks->k;
	uint64_t id = get_le64(super + SUPER_DEVICE_ID);
	char path[64];
	int64_t rc;

	if (is_found(s, id) || s->found == DEVICES_MAX)
		return;
	rc = device_node(k, n->parent->dev.dev, path, sizeof(path));
	if (rc >= 0)
		rc = control(k, LKL_BTRFS_IOC_SCAN_DEV, path);
	if (rc < 0) {
		s->err = rc;
		return;
	}
	s->ids[s->found++] = id;
	n->parent->is_member = true;
}

static bool visit_device(struct anyfs_node *n, void *data)
{
	uint8_t super[SUPER_BYTES];
	struct devices *s = data;

	if (n != s->first && n->parent->has_dev && read_super(&n->parent->dev, super) &&
	    !memcmp(super + SUPER_FSID, s->fsid, sizeof(s->fsid)))
		take_device(s, n, super);
	return true;
}

static bool are_complete(void *data)
{
	const struct devices *s = data;

	return s->found >= s->wanted;
}

/* Make the kernel initialise btrfs: because btrfs is large, this is done only at its first use. */
static int initialise(struct anyfs_kernel *k)
{
	int64_t fd = ksys(k, __lkl__NR_fsopen, KPTR("btrfs"), 0, 0, 0, 0);

	if (fd < 0)
		return fd;
	k_close(k, fd);
	return 0;
}

int btrfs_find_devices(struct anyfs_node *n, bool *degraded)
{
	uint8_t super[SUPER_BYTES];
	struct devices s = { .first = n };

	*degraded = false;
	if (!read_super(&n->parent->dev, super))
		return 0;	/* mounting will report the error */
	s.wanted = get_le64(super + SUPER_DEVICES);
	if (s.wanted < 2)
		return 0;
	memcpy(s.fsid, super + SUPER_FSID, sizeof(s.fsid));
	s.err = initialise(n->image->ks->k);
	if (s.err)
		return kstate_error(n->image->ks->k, s.err, n->object);
	take_device(&s, n, super);
	members_find(n, &(struct member_search){
		.kind = &node_filesystem, .visit = visit_device, .are_complete = are_complete,
		.data = &s,
	});
	if (s.err)
		return kstate_error(n->image->ks->k, s.err, n->object);
	if (s.found >= s.wanted)
		return 0;
	if (!n->image->degraded)
		return error_set(-ENXIO, "%s: the btrfs lacks %llu of its %llu devices; give the image that holds it (--member), or open what is left (--degraded)",
				 n->object, (unsigned long long)(s.wanted - s.found),
				 (unsigned long long)s.wanted);
	*degraded = true;
	return 0;
}

void btrfs_forget_devices(struct anyfs_kernel *k)
{
	control(k, LKL_BTRFS_IOC_FORGET_DEV, "");
}
