// SPDX-License-Identifier: GPL-2.0
/*
 * content.c - describe an image that holds no file system
 *
 * Other image formats, archives, compressed files and similar content are recognised by a few
 * bytes.  This is done only if no file system was found, to advise the user.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "content.h"

#define CONVERT	"convert it with qemu-img convert -O raw"
#define UNPACK	"unpack it first"
#define FORMAT	"open it with --format "
/* anyfs opens images of these formats itself: one that is found here lies inside another image. */
#define RANGE	"open its range of the image with --offset and --size"

#define MAGIC(at, bytes, name, hint)	{ at, sizeof(bytes) - 1, bytes, name, hint }

/* If one signature is the beginning of another, the longer one comes first. */
static const struct magic {
	int32_t at;			/* negative: from the end */
	unsigned int len;
	const char *bytes;
	const char *name;
	const char *hint;		/* advice to the user; NULL: none */
} magics[] = {
	/* Disk images */
	MAGIC(0, "QFI\xfb\0\0\0\1", "a qcow image (version 1)", FORMAT "qcow"),
	MAGIC(0, "QED\0", "a QED image", FORMAT "qed"),
	MAGIC(0, "KDMV", "a VMDK image", RANGE),
	MAGIC(0, "COWD", "a VMDK image (ESX)", RANGE),
	MAGIC(0, "# Disk DescriptorFile", "the descriptor of a VMDK image", NULL),
	MAGIC(0, "vhdxfile", "a VHDX image", RANGE),
	MAGIC(0, "conectix", "a VHD image whose footer is damaged", NULL),
	MAGIC(0, "WithoutFreeSpace", "a Parallels image", FORMAT "parallels"),
	MAGIC(0, "WithouFreSpacExt", "a Parallels image", FORMAT "parallels"),
	MAGIC(0, "Bochs Virtual HD Image", "a Bochs image", FORMAT "bochs"),
	MAGIC(0, "#!/bin/sh\n#V2.0 Format", "a cloop image", FORMAT "cloop"),
	MAGIC(-512, "koly", "a DMG image", CONVERT),
	MAGIC(0, "encrcdsa", "an encrypted DMG image", NULL),
	MAGIC(-8, "cdsaencr", "an encrypted DMG image (version 1)", NULL),
	MAGIC(0, "sprs", "a sparse disk image of macOS", NULL),
	MAGIC(0, "EVF\x09\x0d\x0a\xff\0", "an EWF (EnCase, E01) image", RANGE),
	MAGIC(0, "EVF2\x0d\x0a\x81\0", "an EWF 2 (Ex01) image",
	      "export it as E01 or raw with the program that made it"),
	MAGIC(0, "LVF\x09\x0d\x0a\xff\0", "an EWF archive of files (L01)", NULL),
	MAGIC(0, "AFF10\r\n\0", "an AFF image", NULL),
	MAGIC(0, "MComprHD", "a CHD image", NULL),
	MAGIC(0, "CISO", "a CISO image", NULL),
	MAGIC(0, "\x3a\xff\x26\xed", "an Android sparse image", RANGE),
	MAGIC(4096, "gDla", "an Android super image", "take its partitions out with lpunpack"),
	MAGIC(0, "ANDROID!", "an Android boot image", NULL),
	MAGIC(0, "VNDRBOOT", "an Android vendor boot image", NULL),
	MAGIC(0, "CrAU", "the payload of an Android or Chrome OS update", NULL),
	MAGIC(0, "MSWIM\0\0\0", "a WIM image", NULL),
	MAGIC(0, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0",
	      "a raw image of a CD, with sectors of 2352 bytes", RANGE),
	MAGIC(-12, "NER5", "a Nero (NRG) image", RANGE),
	/* Backups of partitions */
	MAGIC(0, "\0ntfsclone-image", "an image made by ntfsclone",
	      "restore it with ntfsclone -r"),
	MAGIC(0, "partclone-image", "an image made by partclone",
	      "restore it with partclone.restore"),
	MAGIC(0, "PaRtImAgE-VoLuMe", "an image made by partimage", NULL),
	MAGIC(0, "FsA0", "an archive of fsarchiver", NULL),
	/* Compressed files and archives */
	MAGIC(0, "\x1f\x8b\x08", "a file compressed with gzip", RANGE),
	MAGIC(0, "\xfd" "7zXZ\0", "a file compressed with xz", RANGE),
	MAGIC(0, "\x28\xb5\x2f\xfd", "a file compressed with zstd", RANGE),
	MAGIC(4, "1AY&SY", "a file compressed with bzip2", RANGE),
	MAGIC(0, "\x04\x22\x4d\x18", "a file compressed with lz4", RANGE),
	MAGIC(0, "\x02\x21\x4c\x18", "a file compressed with lz4 (legacy format)",
	      UNPACK " with lz4 -d"),
	MAGIC(0, "LZIP", "a file compressed with lzip", UNPACK " with lzip -d"),
	MAGIC(0, "\x89LZO\0\r\n\x1a\n", "a file compressed with lzop", UNPACK " with lzop -d"),
	MAGIC(0, "\x1f\x9d", "a file compressed with compress", UNPACK " with gzip -d"),
	MAGIC(0, "\x5d\0\0\x80\0\xff\xff", "a file compressed with lzma", UNPACK " with xz -d"),
	MAGIC(0, "PK\3\4", "a ZIP archive", RANGE),
	MAGIC(0, "PK\5\6", "an empty ZIP archive", NULL),
	MAGIC(0, "7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
	MAGIC(0, "Rar!\x1a\x07", "a RAR archive", UNPACK),
	MAGIC(0, "MSCF\0\0\0\0", "a cabinet archive", UNPACK),
	MAGIC(257, "ustar", "a tar archive", RANGE),
	MAGIC(0, "070701", "a cpio archive", UNPACK " with cpio -i"),
	MAGIC(0, "070702", "a cpio archive", UNPACK " with cpio -i"),
	MAGIC(0, "070707", "a cpio archive", UNPACK " with cpio -i"),
	MAGIC(0, "\xc7\x71", "a cpio archive", UNPACK " with cpio -i"),
	MAGIC(0, "!<arch>\ndebian-binary", "a Debian package", UNPACK " with dpkg-deb -x"),
	MAGIC(0, "!<arch>\n", "an ar archive", UNPACK " with ar -x"),
	MAGIC(0, "\xed\xab\xee\xdb", "an RPM package", UNPACK " with rpm2cpio"),
	/* Firmware and programs */
	MAGIC(0, "\x27\x05\x19\x56", "a U-Boot image", NULL),
	MAGIC(0, "\xd0\x0d\xfe\xed", "a device tree or FIT image", NULL),
	MAGIC(0, "UBI#", "an image of UBI flash", "take its volumes out with ubireader_extract_images"),
	MAGIC(8, "AI\2", "an AppImage", NULL),
	MAGIC(0, "\x7f" "ELF", "an ELF program", NULL),
	MAGIC(0, "%PDF-", "a PDF document", NULL),
	MAGIC(0, "<!DOCTYPE", "a page of HTML or XML, not an image", NULL),
	MAGIC(0, "<!doctype", "a page of HTML or XML, not an image", NULL),
	MAGIC(0, "<html", "a page of HTML, not an image", NULL),
	MAGIC(0, "version https://git-lfs", "a Git LFS pointer to a file that was not fetched",
	      "fetch it with git lfs pull"),
};

/* Names for the types that libblkid calls containers. */
static const struct { const char *type, *name; } containers[] = {
	{ "BitLocker", "a BitLocker volume (encrypted)" },
	{ "LVM2_member", "a physical volume of LVM2" },
	{ "LVM1_member", "a physical volume of LVM1" },
	{ "linux_raid_member", "a member of a Linux RAID array (MD)" },
	{ "isw_raid_member", "a member of an Intel RAID array" },
	{ "ddf_raid_member", "a member of a DDF RAID array" },
	{ "zfs_member", "a member of a ZFS pool" },
	{ "bcache", "a bcache device" },
	{ "drbd", "a DRBD device" },
	{ "DM_integrity", "a dm-integrity device" },
	{ "DM_verity_hash", "the hashes of a dm-verity device" },
	{ "cs_fvault2", "a FileVault2 volume (encrypted)" },
	{ "VMFS_volume_member", "a member of a VMFS volume" },
};

const char *content_container(const struct device *d, const char *type)
{
	unsigned char luks[8];

	if (!strcmp(type, "crypto_LUKS"))
		return !device_read(d, luks, sizeof(luks), 0) && luks[7] == 1 ?
		       "a LUKS1 volume (encrypted)" : "a LUKS2 volume (encrypted)";
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (!strcmp(containers[i].type, type))
			return containers[i].name;
	return type;
}

static const struct magic *find_magic(const struct device *d)
{
	char bytes[32];

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		const struct magic *m = &magics[i];
		uint64_t at = m->at < 0 ? d->size + m->at : (uint64_t)m->at;

		if (!device_read(d, bytes, m->len, at) && !memcmp(bytes, m->bytes, m->len))
			return m;
	}
	return NULL;
}

/* ---- a squashfs somewhere in a file -------------------------------------- */

#define SEARCH_BYTES	(32u << 20)
#define SEARCH_STEP	(1u << 20)

/* The superblock of squashfs 4.0, little endian. */
#define SQUASHFS_BYTES	96u

static bool is_squashfs(const uint8_t *p, uint64_t room)
{
	uint32_t block_size = get_le32(p + 12);
	unsigned int block_log = get_le16(p + 22);
	uint64_t used = get_le64(p + 40);

	return !memcmp(p, "hsqs", 4) && get_le16(p + 28) == 4 && !get_le16(p + 30) &&
	       block_log >= 12 && block_log <= 20 && block_size == 1u << block_log &&
	       used > SQUASHFS_BYTES && used <= room;
}

static bool search_buffer(const uint8_t *buf, size_t len, uint64_t room, size_t *at)
{
	const uint8_t *p = buf, *end = buf + len;

	while ((size_t)(end - p) >= SQUASHFS_BYTES &&
	       (p = memchr(p, 'h', end - p - SQUASHFS_BYTES + 1))) {
		*at = p - buf;
		if (is_squashfs(p, room - *at))
			return true;
		p++;
	}
	return false;
}

/* Find a squashfs that begins in the first SEARCH_BYTES of @d and lies completely inside @d. */
static bool find_squashfs(const struct device *d, uint64_t *offset)
{
	uint64_t end = d->size < SEARCH_BYTES ? d->size : SEARCH_BYTES;
	uint8_t *buf = malloc(SEARCH_STEP);
	bool found = false;
	size_t at;

	/* Consecutive reads overlap, so that no superblock is missed at a boundary. */
	for (uint64_t pos = 0; buf && !found && pos < end; pos += SEARCH_STEP - SQUASHFS_BYTES) {
		size_t len = end - pos < SEARCH_STEP ? end - pos : SEARCH_STEP;

		if (device_read(d, buf, len, pos))
			break;
		found = search_buffer(buf, len, d->size - pos, &at);
		*offset = pos + at;
	}
	free(buf);
	return found;
}

void content_describe(const struct device *d, char *buf, size_t len)
{
	const struct magic *m = find_magic(d);
	uint64_t offset;

	buf[0] = '\0';
	if ((!m || !m->hint) && find_squashfs(d, &offset))
		snprintf(buf, len, "%s%sa squashfs at offset %llu: open that with --offset %llu",
			 m ? m->name : "", m ? " with " : "", (unsigned long long)offset,
			 (unsigned long long)offset);
	else if (m)
		snprintf(buf, len, "%s%s%s", m->name, m->hint ? ": " : "", m->hint ? m->hint : "");
}

/* Report that no content was recognised; @trouble as in content_refuse(). */
static int refuse_unknown(const struct device *d, const char *object, const char *trouble)
{
	char content[256];

	if (*trouble)
		return error_set(-EMEDIUMTYPE, "%s: %s", object, trouble);
	content_describe(d, content, sizeof(content));
	if (*content)
		return error_set(-EMEDIUMTYPE, "%s: no file system recognised; this is %s", object,
				 content);
	if (d->bd && d->bd->fd_start && !d->start)
		return error_set(-EMEDIUMTYPE, "%s: no file system or partition table recognised at byte %llu of the file; check the offset, or name the type if you know it",
				 object, (unsigned long long)d->bd->fd_start);
	return error_set(-EMEDIUMTYPE, "%s: no file system recognised, name the type if you know it",
			 object);
}

int content_refuse(const struct device *d, const struct probe_super *s, const char *object,
		   const char *trouble)
{
	switch (s->usage) {
	case PROBE_AMBIGUOUS:
		return error_set(-EINVAL, "%s: signatures of more than one file system, name the type",
				 object);
	case PROBE_CONTAINER:
		return error_set(-EOPNOTSUPP, "%s: holds %s, which cannot be opened as a file system",
				 object, content_container(d, s->fstype));
	case PROBE_OTHER:
		return error_set(-EMEDIUMTYPE, "%s: holds %s, not a file system", object, s->fstype);
	default:
		return refuse_unknown(d, object, trouble);
	}
}
