// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - disks that the host adds and removes
 */
#include <linux/idr.h>
#include <linux/kdev_t.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "lkl_block.h"

static DEFINE_MUTEX(lock);	/* guards disks */
static DEFINE_IDR(disks);

static int disk_open(struct gendisk *gd, blk_mode_t mode)
{
	struct lkl_disk *disk = gd->private_data;

	return disk->removing ? -ENXIO : 0;
}

static const struct block_device_operations disk_fops = {
	.open = disk_open,
};

static void set_limits(struct queue_limits *lim, const struct lkl_disk_params *p)
{
	lim->logical_block_size = p->logical_block;
	lim->physical_block_size = p->physical_block;
	lim->io_min = p->physical_block;
	lim->io_opt = p->io_opt;
	lim->max_hw_sectors = LKL_BLOCK_MAX_BYTES >> SECTOR_SHIFT;
	lim->max_segments = LKL_BLOCK_SEGMENTS;
	lim->max_segment_size = UINT_MAX;
	lim->seg_boundary_mask = ULONG_MAX;
	lim->dma_alignment = 0;
	if (p->flags & LKL_DISK_FLUSH)
		lim->features |= BLK_FEAT_WRITE_CACHE;
	if (p->flags & LKL_DISK_FUA)
		lim->features |= BLK_FEAT_FUA;
	if (p->flags & LKL_DISK_DISCARD) {
		lim->max_hw_discard_sectors = UINT_MAX >> SECTOR_SHIFT;
		lim->discard_granularity = p->discard_granularity;
	}
	if (p->flags & LKL_DISK_ZERO)
		lim->max_write_zeroes_sectors = UINT_MAX >> SECTOR_SHIFT;
}

static int make_disk(struct lkl_disk *disk, const struct lkl_disk_params *p)
{
	struct queue_limits lim = { };
	int err;

	disk->tags.ops = &lkl_block_mq_ops;
	disk->tags.nr_hw_queues = 1;
	disk->tags.queue_depth = LKL_BLOCK_DEPTH;
	disk->tags.numa_node = NUMA_NO_NODE;
	disk->tags.cmd_size = sizeof(struct lkl_block_cmd);
	disk->tags.driver_data = disk;
	err = blk_mq_alloc_tag_set(&disk->tags);
	if (err)
		return err;

	set_limits(&lim, p);
	disk->gd = blk_mq_alloc_disk(&disk->tags, &lim, disk);
	if (IS_ERR(disk->gd)) {
		err = PTR_ERR(disk->gd);
		goto free_tags;
	}
	disk->gd->fops = &disk_fops;
	disk->gd->private_data = disk;
	if (disk->index < 26)
		sprintf(disk->gd->disk_name, "vd%c", 'a' + disk->index);
	else
		snprintf(disk->gd->disk_name, DISK_NAME_LEN, "vd%c%c",
			 'a' + disk->index / 26 - 1, 'a' + disk->index % 26);
	set_capacity(disk->gd, p->capacity >> SECTOR_SHIFT);
	set_disk_ro(disk->gd, p->flags & LKL_DISK_READONLY);

	err = device_add_disk(NULL, disk->gd, NULL);
	if (err)
		goto put_disk;
	return 0;

put_disk:
	put_disk(disk->gd);
free_tags:
	blk_mq_free_tag_set(&disk->tags);
	return err;
}

int lkl_disk_add(void *kernel, const struct lkl_disk_params *p)
{
	struct lkl_disk *disk;
	int err;

	if (p->size < sizeof(*p) || !p->capacity ||
	    !IS_ALIGNED(p->capacity, p->logical_block))
		return -EINVAL;
	disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	if (!disk)
		return -ENOMEM;
	disk->host_disk = p->host_disk;

	mutex_lock(&lock);
	disk->index = idr_alloc(&disks, NULL, 0, 26 * 27, GFP_KERNEL);
	mutex_unlock(&lock);
	if (disk->index < 0) {
		err = disk->index;
		goto free_disk;
	}
	err = make_disk(disk, p);

	mutex_lock(&lock);
	if (err)
		idr_remove(&disks, disk->index);
	else
		idr_replace(&disks, disk, disk->index);
	mutex_unlock(&lock);
	if (err)
		goto free_disk;

	err = disk->index;
	lkl_exit_work();
	return err;

free_disk:
	kfree(disk);
	lkl_exit_work();
	return err;
}

/* Refuse further opens; -EBUSY if the disk is open.  open_mutex blocks opens meanwhile. */
static int begin_removal(struct lkl_disk *disk)
{
	struct gendisk *gd = disk->gd;
	bool busy;

	mutex_lock(&gd->open_mutex);
	busy = disk_openers(gd) > 0;
	if (!busy)		/* del_gendisk() sets GD_DEAD and drains the queue */
		disk->removing = true;
	mutex_unlock(&gd->open_mutex);
	return busy ? -EBUSY : 0;
}

int lkl_disk_remove(void *kernel, int index)
{
	struct lkl_disk *disk;
	int err;

	mutex_lock(&lock);
	disk = idr_find(&disks, index);
	err = disk ? begin_removal(disk) : -ENODEV;
	if (!err)
		idr_remove(&disks, index);
	mutex_unlock(&lock);

	if (!err) {
		del_gendisk(disk->gd);
		put_disk(disk->gd);
		blk_mq_free_tag_set(&disk->tags);
		lkl_host->blk_release(lkl_host_arg, disk->host_disk);
		kfree(disk);
	}
	lkl_exit_work();
	return err;
}

s64 lkl_disk_dev(void *kernel, int index, unsigned int partition)
{
	struct lkl_disk *disk;
	dev_t dev = 0;

	mutex_lock(&lock);
	disk = idr_find(&disks, index);
	if (disk && !partition)
		dev = disk_devt(disk->gd);
	else if (disk && partition < DISK_MAX_PARTS)
		dev = part_devt(disk->gd, partition);
	mutex_unlock(&lock);

	lkl_exit_work();
	return dev ? (s64)new_encode_dev(dev) : -ENXIO;
}
