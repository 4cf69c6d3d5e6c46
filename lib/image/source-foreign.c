// SPDX-License-Identifier: GPL-2.0
/*
 * source-foreign.c - rare formats that only QEMU reads
 *
 * qemu-storage-daemon opens such an image, in a sandbox, and serves its disk.  The format is
 * never detected: the user has to name it, because the code that parses it is not ours.
 */
#include <errno.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "remote.h"
#include "source.h"

#define HEAD	64u

static bool qcow_has_backing(const uint8_t *head)
{
	return !memcmp(head, "QFI\xfb\0\0\0\1", 8) && get_be64(head + 8);
}

static bool qed_has_backing(const uint8_t *head)
{
	return !memcmp(head, "QED\0", 4) && (get_le64(head + 16) & 1);
}

/* The formats; QEMU uses the same names. */
static const struct foreign {
	const char *name;
	bool (*has_backing)(const uint8_t *head);	/* NULL: the format has no backing files */
} formats[] = {
	{ "parallels", NULL },
	{ "bochs", NULL },
	{ "cloop", NULL },
	{ "qed", qed_has_backing },
	{ "qcow", qcow_has_backing },
};

static const struct foreign *find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

bool foreign_format(const char *name)
{
	return find(name);
}

const char *foreign_names(void)
{
	return "parallels, bochs, cloop, qed, qcow";
}

static int check_usable(const struct foreign *f, struct blockdev *bd, const struct disk_source *src,
			const struct anyfs_disk_opts *opts)
{
	uint8_t head[HEAD];

	if (bd->can_write)
		return error_set(-EROFS, "%s: a %s image can only be read; keep changes in an overlay (--overlay FILE), or convert it with qemu-img convert",
				 bd->name, f->name);
	if (!src->path || remote_is_address(src->path) || opts->offset || opts->size)
		return error_set(-EOPNOTSUPP, "%s: a %s image must be a whole file with a path",
				 bd->name, f->name);
	if (opts->snapshot)
		return error_set(-EOPNOTSUPP, "%s: snapshots of a %s image cannot be read", bd->name,
				 f->name);
	if (!f->has_backing || blockdev_read_bytes(bd, head, HEAD, 0) || !f->has_backing(head))
		return 0;
	return error_set(-EOPNOTSUPP, "%s: a %s image with a backing file cannot be read; convert it with qemu-img convert",
			 bd->name, f->name);
}

int foreign_open(struct blockdev **bd, const struct disk_source *src,
		 const struct anyfs_disk_opts *opts)
{
	const struct foreign *f = find(opts->format);
	const struct qemu_options qemu = {
		.format = f->name, .no_sandbox = opts->no_sandbox,
		.note = opts->note, .note_data = opts->note_data,
	};
	int err = check_usable(f, *bd, src, opts);

	if (err)
		return err;
	/* QEMU locks the file itself. */
	blockdev_close(*bd);
	*bd = NULL;
	err = qemu_open(src->path, &qemu, 0, bd);
	if (!err)
		strcpy((*bd)->format, f->name);
	return err;
}
