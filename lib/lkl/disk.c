// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - add and remove disks, before and while the kernel runs
 *
 * A program copies struct lkl_disk, and its copy may outlive the kernel.  So the
 * member dev is not an address but the serial number of a record in this file.  A
 * disk that is added before the kernel runs is opened at once and waits in the
 * list.  It gets the id that the kernel will give it: the lowest free one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attach.h"
#include "internal.h"

struct record {
	struct record *next;
	uintptr_t serial;		/* lkl_disk.dev, never reused */
	int id;				/* the id that lkl_disk_add() returned */
	struct blockdev *bd;		/* owned while the disk waits for a kernel */
	struct anyfs_kernel *k;		/* NULL while the disk waits */
	uint64_t kernel;		/* host_kernel_id() of k */
	uint64_t attached;		/* block_serial() of the disk; 0: being attached */
};

/* Guards the variables below.  Not held while the kernel or a program's function runs. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record *records;
static uintptr_t last_serial;

static struct record *find_serial(uintptr_t serial)
{
	struct record *r = records;

	while (r && r->serial != serial)
		r = r->next;
	return r;
}

static struct record *find_waiting(int id)
{
	struct record *r = records;

	while (r && (r->k || r->id != id))
		r = r->next;
	return r;
}

static void drop_record(struct record *gone)
{
	struct record **p = &records;

	while (*p != gone)
		p = &(*p)->next;
	*p = gone->next;
	free(gone);
}

/* Free the records of kernels that were halted: lkl_disk_remove() does not need them. */
static void drop_stale(void)
{
	struct record *r, *next;

	for (r = records; r; r = next) {
		next = r->next;
		if (r->k && !host_kernel_exists(r->kernel))
			drop_record(r);
	}
}

/* Get the file's name from /proc if possible, else make one from the descriptor. */
static void fd_name(int fd, char *name, size_t size)
{
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, name, size - 1);
	if (len > 0 && name[0] == '/')
		name[len] = '\0';
	else
		snprintf(name, size, "descriptor %d", fd);
}

static int open_disk(const struct lkl_disk *disk, struct blockdev **bd)
{
	char name[PATH_MAX];
	int mode;

	if (disk->ops && disk->ops != &lkl_dev_blk_ops)
		return dev_ops_blockdev(disk, bd);
	mode = fcntl(disk->fd, F_GETFL);
	if (mode < 0)
		return error_set(-errno, "lkl_disk_add: descriptor %d: %s", disk->fd, error_name(errno));
	fd_name(disk->fd, name, sizeof(name));
	return raw_open_fd(disk->fd, name,
			   (mode & O_ACCMODE) == O_RDWR ? BLOCKDEV_WRITE : 0, bd);
}

/* Record that @k owns the disk of @r. */
static void set_owner(struct record *r, struct anyfs_kernel *k)
{
	r->bd = NULL;
	r->k = k;
	r->kernel = host_kernel_id(k);
	r->attached = block_serial(k, r->id);
}

/*
 * Attach the record's disk to the current kernel; if there is none, let the disk wait.
 * Returns the disk's id, or -errno.
 */
static int attach_or_queue(struct record *r)
{
	struct anyfs_kernel *k;
	int id = 0;

	pthread_mutex_lock(&lock);
	drop_stale();
	k = host_kernel_current();
	if (!k) {
		/* Queue it before the lock is released: a kernel that is booting must find it. */
		while (find_waiting(id))
			id++;
		r->id = id;
		r->next = records;
		records = r;
	}
	pthread_mutex_unlock(&lock);
	if (!k)
		return id;

	id = block_attach(k, r->bd);
	if (id < 0)
		return id;
	r->id = id;
	pthread_mutex_lock(&lock);
	set_owner(r, k);
	r->next = records;
	records = r;
	pthread_mutex_unlock(&lock);
	return id;
}

int lkl_disk_add(struct lkl_disk *disk)
{
	struct record *r = calloc(1, sizeof(*r));
	int id;

	if (!r)
		return error_set(-ENOMEM, "lkl_disk_add: out of memory");
	pthread_mutex_lock(&lock);
	r->serial = ++last_serial;
	pthread_mutex_unlock(&lock);
	disk->dev = (void *)r->serial;
	id = open_disk(disk, &r->bd);
	if (id < 0) {
		disk->dev = NULL;
		free(r);
		return id;
	}
	id = attach_or_queue(r);
	if (id < 0) {
		disk->dev = NULL;
		blockdev_close(r->bd);
		free(r);
	}
	return id;
}

/* False if the kernel no longer has the disk: anyfs_disk_remove() may have removed it. */
static bool is_attached(const struct record *r)
{
	return host_kernel_exists(r->kernel) && block_serial(r->k, r->id) == r->attached;
}

int lkl_disk_remove(struct lkl_disk disk)
{
	uintptr_t serial = (uintptr_t)disk.dev;
	struct record *found, r = { 0 };
	int err = 0;

	pthread_mutex_lock(&lock);
	if (!serial || serial > last_serial)
		err = error_set(-EINVAL, "lkl_disk_remove: this disk was never added");
	found = err ? NULL : find_serial(serial);
	if (found) {
		r = *found;
		if (!r.k)
			drop_record(found);
	}
	pthread_mutex_unlock(&lock);
	if (!found)
		return err;
	if (!r.k) {
		blockdev_close(r.bd);
		return 0;
	}
	if (!r.attached)
		return error_set(-EBUSY, "lkl_disk_remove: disk %d is being added to the kernel", r.id);
	if (is_attached(&r)) {
		err = block_detach(r.k, r.id);
		if (err)
			return err;
	}
	pthread_mutex_lock(&lock);
	found = find_serial(serial);
	if (found)
		drop_record(found);
	pthread_mutex_unlock(&lock);
	return 0;
}

void queued_disks_close(void)
{
	struct record *r, *next;

	pthread_mutex_lock(&lock);
	for (r = records; r; r = next) {
		next = r->next;
		if (!r->k) {
			blockdev_close(r->bd);
			drop_record(r);
		}
	}
	pthread_mutex_unlock(&lock);
}

/* ---- attach the waiting disks to a new kernel ---- */

/* Assign the waiting disk @id to @k, so that it no longer waits; 0 or -ENODEV. */
static int claim_waiting(int id, struct anyfs_kernel *k, struct blockdev **bd, uintptr_t *serial)
{
	struct record *r;

	pthread_mutex_lock(&lock);
	r = find_waiting(id);
	if (r) {
		r->k = k;
		r->kernel = host_kernel_id(k);
		*bd = r->bd;
		*serial = r->serial;
	}
	pthread_mutex_unlock(&lock);
	return r ? 0 : -ENODEV;
}

static int last_waiting(void)
{
	int last = -1;

	pthread_mutex_lock(&lock);
	for (struct record *r = records; r; r = r->next)
		if (!r->k && r->id > last)
			last = r->id;
	pthread_mutex_unlock(&lock);
	return last;
}

/* After claim_waiting(): record that the disk was attached, or queue it again. */
static void end_claim(uintptr_t serial, struct anyfs_kernel *k, bool attached)
{
	struct record *r;

	pthread_mutex_lock(&lock);
	r = find_serial(serial);
	if (attached)
		set_owner(r, k);
	else
		r->k = NULL;
	pthread_mutex_unlock(&lock);
}

/*
 * The size of a temporary disk that takes the id of a disk which was removed while it
 * waited, so that the following disks get the ids that lkl_disk_add() returned.
 */
#define FILLER_BYTES	4096

static int attach_with_id(struct anyfs_kernel *k, int id, bool *filled)
{
	struct blockdev *bd;
	uintptr_t serial;
	int got;

	*filled = claim_waiting(id, k, &bd, &serial) < 0;
	if (*filled && (got = memory_open(FILLER_BYTES, &bd)))
		return got;
	got = block_attach(k, bd);
	if (!*filled)
		end_claim(serial, k, got >= 0);
	else if (got < 0)
		blockdev_close(bd);
	if (got >= 0 && got != id)
		return error_set(-EBUSY, "lkl_start_kernel: disk %d got the id %d, because another thread is adding disks; add them after the start",
				 id, got);
	return got < 0 ? got : 0;
}

int queued_disks_attach(struct anyfs_kernel *k)
{
	int last = last_waiting(), err = 0;
	bool *filled = calloc(last + 2, sizeof(*filled));

	if (!filled)
		return error_set(-ENOMEM, "lkl_start_kernel: out of memory");
	for (int id = 0; !err && id <= last; id++)
		err = attach_with_id(k, id, &filled[id]);
	for (int id = 0; !err && id <= last; id++)
		if (filled[id])
			err = block_detach(k, id);
	free(filled);
	return err;
}
