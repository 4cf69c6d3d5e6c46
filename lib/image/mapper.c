// SPDX-License-Identifier: GPL-2.0
/*
 * mapper.c - create devices of our kernel's device mapper with its ioctls
 *
 * A device is created, its table is loaded, and it is resumed.  The name of a device only
 * has to be unique in the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "mapper.h"
#include <lkl/linux/ioctl.h>
#include <lkl/linux/dm-ioctl.h>

/* include/linux/miscdevice.h: MISC_MAJOR, MAPPER_CTRL_MINOR */
#define CONTROL_MINOR	236
#define CONTROL_PATH	"/dev/mapper-control"
#define REPLY_ROOM	4096		/* bytes for the answer of an ioctl */

static void init_ioctl(struct lkl_dm_ioctl *io, const struct mapper *m, size_t size)
{
	io->version[0] = LKL_DM_VERSION_MAJOR;
	io->data_size = size;
	io->data_start = sizeof(*io);
	snprintf(io->name, sizeof(io->name), "%s", m->name);
}

/* Make an ioctl on @m; init_ioctl() and the caller have filled in @io. */
static int64_t control(const struct mapper *m, unsigned long cmd, struct lkl_dm_ioctl *io)
{
	return devnode_control(m->k, CONTROL_PATH, CONTROL_MINOR, cmd, io);
}

static int64_t control_plain(const struct mapper *m, unsigned long cmd, struct lkl_dm_ioctl *io)
{
	memset(io, 0, sizeof(*io));
	init_ioctl(io, m, sizeof(*io));
	return control(m, cmd, io);
}

static size_t target_room(const struct mapper_target *t)
{
	return (sizeof(struct lkl_dm_target_spec) + strlen(t->params) + 1 + 7) & ~(size_t)7;
}

static int64_t load_table(const struct mapper *m, const struct mapper_target *targets, size_t nr,
			  unsigned int flags)
{
	size_t size = sizeof(struct lkl_dm_ioctl), at = size;
	struct lkl_dm_ioctl *io;
	int64_t rc;

	for (size_t i = 0; i < nr; i++)
		size += target_room(&targets[i]);
	io = calloc(1, size);
	if (!io)
		return -ENOMEM;
	init_ioctl(io, m, size);
	io->target_count = nr;
	if (flags & MAPPER_READONLY)
		io->flags |= LKL_DM_READONLY_FLAG;
	if (flags & MAPPER_SECRET)
		io->flags |= LKL_DM_SECURE_DATA_FLAG;
	for (size_t i = 0; i < nr; i++) {
		struct lkl_dm_target_spec *spec = (void *)((char *)io + at);
		size_t room = target_room(&targets[i]);

		spec->sector_start = targets[i].start;
		spec->length = targets[i].len;
		spec->next = room;
		snprintf(spec->target_type, sizeof(spec->target_type), "%s", targets[i].type);
		strcpy((char *)(spec + 1), targets[i].params);
		at += room;
	}
	rc = control(m, LKL_DM_TABLE_LOAD, io);
	explicit_bzero(io, size);
	free(io);
	return rc;
}

int mapper_create(struct anyfs_kernel *k, const struct mapper_target *targets, size_t nr,
		  unsigned int flags, struct mapper *m, char *why)
{
	static uint64_t last;
	struct lkl_dm_ioctl io;
	struct klog_lines lines;
	struct klog log;
	int64_t rc;

	*m = (struct mapper){ .k = k };
	*why = '\0';
	do {
		snprintf(m->name, sizeof(m->name), "anyfs-%" PRIu64,
			 __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED));
		rc = control_plain(m, LKL_DM_DEV_CREATE, &io);
	} while (rc == -EBUSY);		/* another user of the kernel has that name */
	if (rc < 0) {
		m->name[0] = '\0';
		/* The kernel gives -ENXIO if it cannot start the threads of the device. */
		return rc == -ENXIO || rc == -EAGAIN ? -ENOMEM : rc;
	}
	m->dev = io.dev;
	klog_begin(k, &log);
	rc = load_table(m, targets, nr, flags);
	if (rc >= 0)
		/*
		 * Without the suspend flag, this ioctl resumes the device with the loaded
		 * table.
		 */
		rc = control_plain(m, LKL_DM_DEV_SUSPEND, &io);
	if (rc < 0) {
		klog_read(k, &log, &lines);
		snprintf(why, MAPPER_WHY, "%s", klog_reason(&lines));
		mapper_remove(m);
	}
	klog_end(k, &log);
	if (rc == -EAGAIN)		/* a thread of a target cannot be started */
		return -ENOMEM;
	return rc < 0 ? rc : 0;
}

int mapper_remove_unused(struct mapper *m)
{
	struct lkl_dm_ioctl io;
	int64_t rc = control_plain(m, LKL_DM_DEV_REMOVE, &io);

	if (rc < 0)
		return rc;
	m->name[0] = '\0';
	return 0;
}

int mapper_remove(struct mapper *m)
{
	struct lkl_dm_ioctl io;
	int64_t rc = *m->name ? control_plain(m, LKL_DM_DEV_REMOVE, &io) : 0;

	if (rc == -EBUSY) {
		memset(&io, 0, sizeof(io));
		init_ioctl(&io, m, sizeof(io));
		io.flags = LKL_DM_DEFERRED_REMOVE;
		control(m, LKL_DM_DEV_REMOVE, &io);
	}
	m->name[0] = '\0';
	return rc < 0 ? rc : 0;
}

int mapper_status(const struct mapper *m, char *buf, size_t len)
{
	size_t size = sizeof(struct lkl_dm_ioctl) + REPLY_ROOM;
	struct lkl_dm_ioctl *io = calloc(1, size);
	int64_t rc;

	if (!io)
		return -ENOMEM;
	init_ioctl(io, m, size);
	rc = control(m, LKL_DM_TABLE_STATUS, io);
	if (rc >= 0 && io->flags & LKL_DM_BUFFER_FULL_FLAG)
		rc = -ENOSPC;
	else if (rc >= 0 && io->target_count)
		snprintf(buf, len, "%s",
			 (char *)io + io->data_start + sizeof(struct lkl_dm_target_spec));
	else
		*buf = '\0';
	free(io);
	return rc < 0 ? rc : 0;
}

int mapper_message(const struct mapper *m, const char *text)
{
	size_t size = sizeof(struct lkl_dm_ioctl) + sizeof(struct lkl_dm_target_msg) +
		      strlen(text) + 1;
	struct lkl_dm_ioctl *io = calloc(1, size);
	struct lkl_dm_target_msg *msg;
	int64_t rc;

	if (!io)
		return -ENOMEM;
	init_ioctl(io, m, size);
	msg = (void *)(io + 1);
	strcpy(msg->message, text);
	rc = control(m, LKL_DM_TARGET_MSG, io);
	free(io);
	return rc < 0 ? rc : 0;
}

void mapper_dev(uint64_t dev, char *buf, size_t len)
{
	snprintf(buf, len, "%u:%u", (unsigned int)(dev >> 8 & 0xfff),
		 (unsigned int)((dev & 0xff) | (dev >> 12 & 0xfff00)));
}
