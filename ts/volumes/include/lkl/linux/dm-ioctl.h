/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dm-ioctl.h - the device mapper's ioctls, with the names of the generated headers
 *
 * The structures are the same for 32 and 64 bits.
 */
#ifndef ANYFS_VOLUMES_DM_IOCTL_H
#define ANYFS_VOLUMES_DM_IOCTL_H

#include </usr/include/linux/dm-ioctl.h>

#define lkl_dm_ioctl		dm_ioctl
#define lkl_dm_target_spec	dm_target_spec
#define lkl_dm_target_msg	dm_target_msg

#define LKL_DM_VERSION_MAJOR	DM_VERSION_MAJOR
#define LKL_DM_DEV_CREATE	DM_DEV_CREATE
#define LKL_DM_DEV_REMOVE	DM_DEV_REMOVE
#define LKL_DM_DEV_SUSPEND	DM_DEV_SUSPEND
#define LKL_DM_TABLE_LOAD	DM_TABLE_LOAD
#define LKL_DM_TABLE_STATUS	DM_TABLE_STATUS
#define LKL_DM_TARGET_MSG	DM_TARGET_MSG
#define LKL_DM_READONLY_FLAG	DM_READONLY_FLAG
#define LKL_DM_SECURE_DATA_FLAG	DM_SECURE_DATA_FLAG
#define LKL_DM_BUFFER_FULL_FLAG	DM_BUFFER_FULL_FLAG
#define LKL_DM_DEFERRED_REMOVE	DM_DEFERRED_REMOVE

#endif
