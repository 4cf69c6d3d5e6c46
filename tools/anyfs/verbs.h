/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verbs.h - the verbs of anyfs
 */
#ifndef ANYFS_VERBS_H
#define ANYFS_VERBS_H

#include "tool.h"

/* The verbs, in files cmd-VERB.c; uuid is in cmd-label.c, fsync in cmd-sync.c. */
extern const struct verb verb_ls, verb_tree, verb_find, verb_du, verb_df, verb_grep,
	verb_cat, verb_get, verb_stat, verb_hash, verb_verify, verb_parts, verb_info,
	verb_put, verb_mkdir, verb_rm, verb_cp, verb_copy, verb_diff, verb_edit,
	verb_lsattr, verb_chattr, verb_mv, verb_ln, verb_chmod, verb_chown, verb_touch,
	verb_truncate, verb_setfattr, verb_getfattr, verb_sync, verb_fsync, verb_mkfs,
	verb_mkdisk, verb_timeline, verb_shell, verb_getfacl, verb_setfacl, verb_getcap,
	verb_setcap, verb_extents, verb_blocks, verb_scan, verb_fsck, verb_label, verb_uuid,
	verb_tune, verb_resize;

/* verb-table.c */

/* The verb number @nr in the order of the help text, or NULL. */
const struct verb *nth_verb(size_t nr);
/* The verb with this name, or NULL. */
const struct verb *find_verb(const char *name);
/* The verb whose name differs least from @name, or NULL if they differ too much. */
const struct verb *nearest_verb(const char *name);

#endif /* ANYFS_VERBS_H */
