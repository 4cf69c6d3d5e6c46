// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - the bridge between blockdevs and a kernel instance
 *
 * The kernel's requests go to the blockdev unchanged, and completed requests go
 * back through lib/host.  A registry maps a kernel's disk index to the blockdev.
 *
 * A kernel may die while requests are in flight, and their buffers are in the
 * kernel's memory.  So each disk counts the requests submitted and completed, and
 * attach_release() returns only when no request can access that memory.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include "attach.h"
#include "error.h"
#include "overlay.h"

/* A journal replay writes about as many bytes as the journal has; few journals are longer. */
#define SHADOW_LIMIT	((uint64_t)1 << 30)

static_assert(BLOCKDEV_DONE == 0 && BLOCKDEV_KEPT == 1, "blk_submit() returns what submit does");

/* Further disks of the kernel over the blockdev of an attached one. */
enum companion {
	SHADOW,				/* its writes stay in memory */
	TWIN,				/* a second disk over the same bytes */
	NR_COMPANIONS,
};

struct attached {
	struct attached *next;		/* in the registry */
	struct anyfs_kernel *k;
	struct blockdev *bd;
	int disk;			/* -1 while block_attach() runs */
	uint64_t serial;
	bool closing;			/* attach_help() must no longer use bd */
	bool released;			/* bd is closed and the entry is not in the registry */
	unsigned int helpers;		/* threads in attach_help() that use bd */
	unsigned int users;		/* block_detach() calls that use this struct */
	struct attached *companions[NR_COMPANIONS];	/* these are in the registry too; or NULL */
	struct attached *companion_of;	/* if this is a companion: the disk it belongs to */
	enum companion role;		/* if this is a companion: its role */

	/* Requests that the backend kept.  Changed with the kernel's CPU held: no lock. */
	uint64_t kept;

	pthread_mutex_t lock;
	pthread_cond_t kept_done;
	uint64_t completed;		/* kept requests that have completed; under lock */
};

/* Guards the list, last_serial, and in each struct attached the members from disk to role. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t registry_changed = PTHREAD_COND_INITIALIZER;
static struct attached *registry;
static uint64_t last_serial;

static void count_completed(struct attached *att)
{
	pthread_mutex_lock(&att->lock);
	att->completed++;
	pthread_cond_signal(&att->kept_done);
	pthread_mutex_unlock(&att->lock);
}

static void attach_done(struct lkl_block_req *req)
{
	struct attached *att = req->submitter;

	blockdev_stop_note(att->bd, req);
	host_block_complete(att->k, req, block_pool_can_spare_caller());
	/* req belongs to the kernel again: do not access it. */
	count_completed(att);
}

static void attach_done_awaited(struct lkl_block_req *req)
{
	struct attached *att = req->submitter;

	blockdev_stop_note(att->bd, req);
	count_completed(att);
}

/* Wait until all kept requests have completed. */
static void drain(struct attached *att)
{
	pthread_mutex_lock(&att->lock);
	while (att->completed != att->kept)
		pthread_cond_wait(&att->kept_done, &att->lock);
	pthread_mutex_unlock(&att->lock);
}

static int attach_submit(struct anyfs_kernel *k, void *disk, struct lkl_block_req *req)
{
	struct attached *att = disk;
	/* A request that needs calls into the kernel completes only after this function returns. */
	bool await = host_kernel_is_reproducible(k) && !att->bd->calls_kernel;
	int ret;

	if (blockdev_stop_refuses(att->bd, req))
		return BLOCKDEV_DONE;
	req->done = await ? attach_done_awaited : attach_done;
	req->submitter = att;
	/* Count the request first: attach_done() may run before blockdev_submit() returns. */
	att->kept++;
	ret = blockdev_submit(att->bd, req);
	if (ret == BLOCKDEV_DONE) {
		att->kept--;
		blockdev_stop_note(att->bd, req);
	} else if (await) {
		drain(att);
		ret = BLOCKDEV_DONE;
	}
	return ret;
}

static bool has_pending(struct attached *att)
{
	bool out;

	pthread_mutex_lock(&att->lock);
	out = att->completed != att->kept;
	pthread_mutex_unlock(&att->lock);
	return out;
}

static void *drain_and_close(void *arg)
{
	struct attached *att = arg;

	/* Only a kernel that died leaves requests in flight: their results are not needed. */
	if (has_pending(att))
		blockdev_cancel(att->bd, NULL);
	drain(att);
	blockdev_close(att->bd);
	return NULL;
}

/* Closing may need more stack than a kernel stack has, so it gets a thread of its own. */
static void close_blockdev(struct attached *att)
{
	pthread_t thread;

	if (host_in_kernel() && !pthread_create(&thread, NULL, drain_and_close, att))
		pthread_join(thread, NULL);
	else
		drain_and_close(att);
}

static void free_attached(struct attached *att)
{
	pthread_cond_destroy(&att->kept_done);
	pthread_mutex_destroy(&att->lock);
	free(att);
}

/* Registry lock held. */
static void unlink_attached(struct attached *att)
{
	struct attached **pos = &registry;

	while (*pos != att)
		pos = &(*pos)->next;
	*pos = att->next;
}

/* Registry lock held.  Companions are not found. */
static struct attached *find_attached(struct anyfs_kernel *k, int disk)
{
	struct attached *att = registry;

	while (att && (att->k != k || att->disk != disk || att->companion_of))
		att = att->next;
	return att;
}

/* False if the kernel rejected @disk: then block_attach() frees it. */
static bool is_attached(struct anyfs_kernel *k, void *disk)
{
	struct attached *att;
	bool is;

	pthread_mutex_lock(&registry_lock);
	att = registry;
	while (att && (att != disk || att->k != k))
		att = att->next;
	is = att && att->disk >= 0;
	pthread_mutex_unlock(&registry_lock);
	return is;
}

static void wait_for_helpers(struct attached *att)
{
	pthread_mutex_lock(&registry_lock);
	att->closing = true;
	while (att->helpers)
		pthread_cond_wait(&registry_changed, &registry_lock);
	pthread_mutex_unlock(&registry_lock);
}

static void attach_release(struct anyfs_kernel *k, void *disk)
{
	struct attached *att = disk;
	bool last;

	if (!is_attached(k, disk))
		return;
	wait_for_helpers(att);
	close_blockdev(att);
	pthread_mutex_lock(&registry_lock);
	unlink_attached(att);
	if (att->companion_of)
		att->companion_of->companions[att->role] = NULL;
	att->released = true;
	last = !att->users;
	pthread_cond_broadcast(&registry_changed);
	pthread_mutex_unlock(&registry_lock);
	if (last)
		free_attached(att);
}

/*
 * Find the disk of @k with the lowest serial above @serial that has a help operation,
 * and count the caller as a helper of it.  NULL: there is none.
 */
static struct attached *next_to_help(struct anyfs_kernel *k, uint64_t serial)
{
	struct attached *att, *next = NULL;

	pthread_mutex_lock(&registry_lock);
	for (att = registry; att; att = att->next)
		/* When closing is set, bd may be closed already. */
		if (att->k == k && !att->closing && att->serial > serial &&
		    BLOCKDEV_HAS(att->bd, help) &&
		    (!next || att->serial < next->serial))
			next = att;
	if (next)
		next->helpers++;
	pthread_mutex_unlock(&registry_lock);
	return next;
}

static void end_help(struct attached *att)
{
	pthread_mutex_lock(&registry_lock);
	if (!--att->helpers)
		pthread_cond_broadcast(&registry_changed);
	pthread_mutex_unlock(&registry_lock);
}

static bool attach_is_remote(void *disk)
{
	const struct attached *att = disk;

	return att->bd->is_remote;
}

static bool attach_help(struct anyfs_kernel *k)
{
	struct attached *att;
	uint64_t serial = 0;
	bool helped = false;

	while (!helped && (att = next_to_help(k, serial))) {
		serial = att->serial;
		helped = blockdev_help(att->bd);
		end_help(att);
	}
	return helped;
}

const struct host_block_ops block_attach_ops = {
	.submit = attach_submit,
	.release = attach_release,
	.is_remote = attach_is_remote,
	.help = attach_help,
};

static struct attached *new_attached(struct anyfs_kernel *k, struct blockdev *bd,
				     struct attached *companion_of, enum companion role)
{
	struct attached *att = calloc(1, sizeof(*att));

	if (!att)
		return NULL;
	att->k = k;
	att->bd = bd;
	att->disk = -1;
	att->companion_of = companion_of;
	att->role = role;
	pthread_mutex_init(&att->lock, NULL);
	pthread_cond_init(&att->kept_done, NULL);
	pthread_mutex_lock(&registry_lock);
	att->serial = ++last_serial;
	att->next = registry;
	registry = att;
	pthread_mutex_unlock(&registry_lock);
	return att;
}

static uint32_t disk_flags(const struct blockdev *bd)
{
	return (bd->can_write ? 0 : LKL_DISK_READONLY) |
	       (bd->can_flush ? LKL_DISK_FLUSH : 0) |
	       (bd->can_fua ? LKL_DISK_FUA : 0) |
	       (bd->can_discard ? LKL_DISK_DISCARD : 0) |
	       (bd->can_zero ? LKL_DISK_ZERO : 0);
}

static int attach(struct anyfs_kernel *k, struct blockdev *bd, struct attached *companion_of,
		  enum companion role)
{
	struct attached *att = new_attached(k, bd, companion_of, role);
	struct lkl_disk_params params = {
		.size = sizeof(params),
		.flags = disk_flags(bd),
		.capacity = bd->capacity,
		.logical_block = bd->limits.logical_block,
		.physical_block = bd->limits.physical_block,
		.io_opt = bd->limits.io_opt,
		.discard_granularity = bd->limits.discard_granularity,
		.host_disk = att,
	};
	int disk;

	if (!att)
		return error_set(-ENOMEM, "%s: out of memory", bd->name);
	disk = host_disk_add(k, &params);
	if (disk < 0)
		drain(att);	/* the kernel may have died while it read the partition table */
	pthread_mutex_lock(&registry_lock);
	if (disk < 0)
		unlink_attached(att);
	else
		att->disk = disk;
	if (disk >= 0 && companion_of)
		companion_of->companions[role] = att;
	pthread_mutex_unlock(&registry_lock);
	if (disk < 0) {
		free_attached(att);
		return error_set(disk, "%s: the kernel rejected the disk: %s",
				 bd->name, error_name(disk));
	}
	return disk;
}

int block_attach(struct anyfs_kernel *k, struct blockdev *bd)
{
	struct blockdev *layer;
	int disk;

	if (!blockdev_is_limited(bd))
		return attach(k, bd, NULL, 0);
	disk = limit_open(bd, &layer);
	if (disk)
		return disk;
	layer->stop_on_error = bd->stop_on_error;
	disk = attach(k, layer, NULL, 0);
	/* On success only the layer keeps its reference to bd; on failure only the caller. */
	blockdev_close(disk < 0 ? layer : bd);
	return disk;
}

static void detach_error(const char *name, int disk, int err)
{
	if (err == -EBUSY)
		error_set(err, "%s: disk %d is in use; unmount its file systems and close its devices first",
			  name, disk);
	else
		error_set(err, "%s: disk %d cannot be removed: %s", name, disk, error_name(err));
}

/* The caller is counted in @att->users and must not use @att afterwards. */
static int detach(struct anyfs_kernel *k, struct attached *att)
{
	int err = host_disk_remove(k, att->disk);
	bool last;

	pthread_mutex_lock(&registry_lock);
	/* The kernel releases the disk after its last user has closed it. */
	while (!err && !att->released)
		pthread_cond_wait(&registry_changed, &registry_lock);
	if (err && !att->released)
		detach_error(att->bd->name, att->disk, err);
	last = !--att->users && att->released;
	pthread_mutex_unlock(&registry_lock);
	if (last)
		free_attached(att);
	return err;
}

static int drop_companion(struct anyfs_kernel *k, int disk, enum companion role)
{
	struct attached *att, *companion;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	companion = att ? att->companions[role] : NULL;
	if (companion)
		companion->users++;
	pthread_mutex_unlock(&registry_lock);
	return companion ? detach(k, companion) : 0;
}

int block_drop_shadow(struct anyfs_kernel *k, int disk)
{
	return drop_companion(k, disk, SHADOW);
}

int block_detach(struct anyfs_kernel *k, int disk)
{
	struct attached *att;
	int err = 0;

	/* The companions read the disk's blockdev, so remove them first. */
	for (enum companion role = 0; role < NR_COMPANIONS && !err; role++)
		err = drop_companion(k, disk, role);
	if (err)
		return err;
	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	if (att)
		att->users++;
	pthread_mutex_unlock(&registry_lock);
	if (!att)
		return error_set(-ENODEV, "disk %d: there is no such disk", disk);
	return detach(k, att);
}

uint64_t block_shadow_limit(const struct blockdev *bd)
{
	return bd->shadow_limit ? bd->shadow_limit : SHADOW_LIMIT;
}

/* Open the blockdev for a new companion of @att. */
static int open_companion(struct attached *att, enum companion role, struct blockdev **bd)
{
	if (role == SHADOW)
		return overlay_open_memory(att->bd, block_shadow_limit(att->bd), bd);
	*bd = blockdev_get(att->bd);
	return 0;
}

static int find_companion(struct anyfs_kernel *k, int disk, enum companion role)
{
	struct attached *att;
	int index;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	index = att && att->companions[role] ? att->companions[role]->disk : -1;
	pthread_mutex_unlock(&registry_lock);
	return index;
}

static int open_or_find_companion(struct anyfs_kernel *k, int disk, enum companion role)
{
	int index = find_companion(k, disk, role), err;
	struct blockdev *bd;
	struct attached *att;

	if (index >= 0)
		return index;
	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	pthread_mutex_unlock(&registry_lock);
	if (!att)
		return error_set(-ENODEV, "disk %d: there is no such disk", disk);
	err = open_companion(att, role, &bd);
	if (err)
		return err;
	index = attach(k, bd, att, role);
	if (index < 0)
		blockdev_close(bd);
	return index;
}

int block_shadow(struct anyfs_kernel *k, int disk)
{
	return open_or_find_companion(k, disk, SHADOW);
}

int block_shadow_of(struct anyfs_kernel *k, int disk)
{
	return find_companion(k, disk, SHADOW);
}

int block_twin(struct anyfs_kernel *k, int disk)
{
	return open_or_find_companion(k, disk, TWIN);
}

struct blockdev *block_shadow_blockdev(struct anyfs_kernel *k, int disk)
{
	struct attached *att;
	struct blockdev *bd;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	bd = att && att->companions[SHADOW] ? att->companions[SHADOW]->bd : NULL;
	pthread_mutex_unlock(&registry_lock);
	return bd;
}

bool block_shadow_was_full(struct anyfs_kernel *k, int disk)
{
	struct attached *att;
	bool full;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	full = att && att->companions[SHADOW] && overlay_was_full(att->companions[SHADOW]->bd);
	pthread_mutex_unlock(&registry_lock);
	return full;
}

struct blockdev *block_attached(struct anyfs_kernel *k, int disk)
{
	struct attached *att;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	pthread_mutex_unlock(&registry_lock);
	return att ? att->bd : NULL;
}

uint64_t block_serial(struct anyfs_kernel *k, int disk)
{
	struct attached *att;
	uint64_t serial;

	pthread_mutex_lock(&registry_lock);
	att = find_attached(k, disk);
	serial = att ? att->serial : 0;
	pthread_mutex_unlock(&registry_lock);
	return serial;
}

int block_next(struct anyfs_kernel *k, int disk)
{
	int next = -1;

	pthread_mutex_lock(&registry_lock);
	for (struct attached *att = registry; att; att = att->next)
		if (att->k == k && !att->companion_of && att->disk > disk &&
		    (next < 0 || att->disk < next))
			next = att->disk;
	pthread_mutex_unlock(&registry_lock);
	return next;
}
