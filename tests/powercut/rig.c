// SPDX-License-Identifier: GPL-2.0
/*
 * rig.c - a kernel with one disk, mounted for writing
 *
 * Each disk gets a new kernel, so that no state of a check affects the next one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <anyfs.h>
#include "attach.h"
#include "powercut.h"

int rig_up(struct rig *rig, struct blockdev *bd, const char *fstype)
{
	const AnyfsKernelOpts opts = { .mem_mb = 64 };
	AnyfsMount m;
	int err = anyfs_kernel_init(&opts);

	if (err)
		die("boot: %s", anyfs_strerror_last());
	rig->disk = block_attach(anyfs_kernel_current(), bd);
	if (rig->disk < 0)
		die("attach: %s", anyfs_strerror_last());
	err = anyfs_mount(rig->disk, 0, fstype, 0, NULL, &m);
	if (!err)
		strcpy(rig->root, m.mount_point);
	else
		anyfs_kernel_halt();
	return err;
}

int rig_down(struct rig *rig)
{
	int err = anyfs_umount(rig->root);
	int end = anyfs_kernel_halt();

	return err ? err : end;
}
