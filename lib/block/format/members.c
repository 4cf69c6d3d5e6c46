// SPDX-License-Identifier: GPL-2.0
/*
 * members.c - select the disk image among the members of an archive
 *
 * It is the member whose name has the extension of an image, or else the only file.  There
 * is no guessing: an archive with two images is an error that names both.
 */
#include <string.h>
#include "error.h"
#include "members.h"

static const char *const endings[] = {
	".img", ".raw", ".iso", ".dd", ".qcow2", ".vmdk", ".vhdx", ".vhd", ".vdi", ".dmg",
	".e01", ".bin", ".nrg", ".ext4", ".squashfs", ".001", ".simg", ".disk", ".hdd",
};
static const char *const packers[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4" };

/* True if the first @len bytes of @name end with @ending, in upper or lower case. */
static bool ends_with(const char *name, size_t len, const char *ending)
{
	size_t n = strlen(ending);

	if (len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = name[len - n + i];

		if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != ending[i])
			return false;
	}
	return true;
}

static bool is_image(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (ends_with(name, len, packers[i])) {
			len -= strlen(packers[i]);
			break;
		}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_with(name, len, endings[i]))
			return true;
	return false;
}

static void copy_name(char *dst, const char *name)
{
	strncpy(dst, name, 255);
	dst[255] = '\0';
}

bool member_consider(struct member_choice *c, const char *name)
{
	bool image = is_image(name);

	c->files++;
	if (image && c->images++) {
		if (c->images == 2)
			copy_name(c->second, name);
		return false;
	}
	if (!image && c->files > 1)
		return false;
	copy_name(c->name, name);
	return true;
}

int member_check(const struct member_choice *c, const struct blockdev *archive)
{
	if (c->images > 1)
		return error_set(-EINVAL, "%s: holds more than one disk image (%s, %s); unpack one of them first",
				 archive->name, c->name, c->second);
	if (c->images || c->files == 1)
		return 0;
	return error_set(-EINVAL, "%s: no name of the %u files in this archive ends like that of a disk image; unpack the image first",
			 archive->name, c->files);
}
