// SPDX-License-Identifier: GPL-2.0
/*
 * verb-table.c - the verbs of anyfs, and the verb that the user has probably meant
 */
#include <string.h>
#include "nearest-name.h"
#include "tar-verbs.h"
#include "verbs.h"

static const struct verb *const verbs[] = {
	&verb_ls, &verb_tree, &verb_find, &verb_grep, &verb_du, &verb_df, &verb_cat, &verb_get,
	&verb_stat, &verb_hash, &verb_verify, &verb_timeline, &verb_parts, &verb_info,
	&verb_put, &verb_copy, &verb_diff, &verb_edit, &verb_mkdir, &verb_rm, &verb_cp,
	&verb_mv, &verb_ln, &verb_chmod, &verb_chown, &verb_touch, &verb_truncate, &verb_lsattr,
	&verb_chattr, &verb_getfattr, &verb_setfattr, &verb_getfacl, &verb_setfacl,
	&verb_getcap, &verb_setcap, &verb_extents, &verb_blocks, &verb_sync, &verb_fsync,
	&verb_tar_in, &verb_tar_out, &verb_oci_in, &verb_oci_out,
	&verb_mkfs, &verb_mkdisk, &verb_fsck, &verb_label, &verb_uuid, &verb_tune, &verb_resize,
	&verb_shell, &verb_scan,
};

#define NR_VERBS	(sizeof(verbs) / sizeof(verbs[0]))

const struct verb *nth_verb(size_t nr)
{
	return nr < NR_VERBS ? verbs[nr] : NULL;
}

const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < NR_VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

static const char *nth_name(const void *list, size_t nr)
{
	return nr < NR_VERBS ? verbs[nr]->name : NULL;
}

const struct verb *nearest_verb(const char *name)
{
	const char *near = nearest_name(name, nth_name, NULL);

	return near ? find_verb(near) : NULL;
}
