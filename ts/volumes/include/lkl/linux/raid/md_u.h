/* SPDX-License-Identifier: GPL-2.0 */
/*
 * md_u.h - ioctls of the RAID driver, with the names of the generated header
 *
 * The structures are the same for 32 and 64 bits.
 */
#ifndef ANYFS_VOLUMES_MD_U_H
#define ANYFS_VOLUMES_MD_U_H

#include <lkl/linux/ioctl.h>
#include </usr/include/linux/major.h>
#include </usr/include/linux/raid/md_u.h>

#define lkl_mdu_array_info_t	mdu_array_info_t
#define lkl_mdu_disk_info_t	mdu_disk_info_t

#define LKL_GET_ARRAY_INFO	GET_ARRAY_INFO
#define LKL_SET_ARRAY_INFO	SET_ARRAY_INFO
#define LKL_ADD_NEW_DISK	ADD_NEW_DISK
#define LKL_RUN_ARRAY		RUN_ARRAY
#define LKL_STOP_ARRAY		STOP_ARRAY

#endif
