/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-label.h - the label and metadata of an LVM2 physical volume
 */
#ifndef ANYFS_IMAGE_LVM_LABEL_H
#define ANYFS_IMAGE_LVM_LABEL_H

#include <stddef.h>
#include <stdint.h>
#include "device.h"

struct lvm_pv {
	char uuid[33];			/* 32 characters, without the dashes of its text form */
	char *text;			/* metadata of its group; NULL: not in a group */
	size_t len;
};

/*
 * Read the label of @d and the newest of its copies of the group's metadata.  0; -ENOENT: not a
 * physical volume; -EUCLEAN: damaged, with an error message (error_set()) that begins with
 * @object; -ENOMEM or -EIO, without a message.  Free with lvm_pv_free().
 */
int lvm_pv_read(const struct device *d, const char *object, struct lvm_pv *pv);
void lvm_pv_free(struct lvm_pv *pv);

#endif /* ANYFS_IMAGE_LVM_LABEL_H */
