// SPDX-License-Identifier: GPL-2.0
/*
 * fvault.c - unlock a volume of FileVault2
 *
 * The volume is the logical volume of a CoreStorage group with one physical volume.  The first
 * sector has the offsets of copies of the metadata, and the key of the encrypted metadata.  Each
 * copy has the offset of the encrypted metadata, which contains the volume's keys and its size
 * (as property lists), and the blocks where its data is.
 *
 * Reference: the format description of libfvde; numbers are little endian.
 */
#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "fvault.h"
#include "zeros.h"

#define SECTOR		512u
#define COPIES		4u

/* Each piece of metadata begins with its checksum. */
#define CRC		0u		/* u32: CRC-32C of all that follows the seed */
#define SEED		4u		/* u32 */
#define TYPE		10u		/* u16 */

/* The first sector. */
#define BLOCK_SIZE	96u		/* u32 */
#define COPIES_AT	104u		/* four u64: blocks */
#define KEY_SIZE	168u		/* u32 */
#define KEY		176u
#define UUID		304u

/* Metadata blocks. */
#define BLOCK		8192u
#define TYPE_METADATA	0x11u
#define DESCRIPTOR	220u		/* u32: offset of the descriptor in the metadata */
#define DESCRIPTOR_BYTES	48u
#define NR_ENCRYPTED	8u		/* u64: number of encrypted blocks */
#define ENCRYPTED_AT	32u		/* two u64: block where they begin, and of their copy */

/* Encrypted blocks. */
#define TYPE_KEYS	0x19u
#define KEYS_PACKED	104u		/* u32: bytes of the list, compressed */
#define KEYS_BYTES	108u		/* u32: bytes of the list, uncompressed */
#define KEYS_AT		112u		/* u32: offset in the block, and size */
#define TYPE_VOLUME	0x1au
#define VOLUME_AT	128u		/* u32: offset in the block, and size */
#define TYPE_DATA	0x305u
#define NR_EXTENTS	64u		/* u32 */
#define EXTENT_BLOCKS	88u		/* u32 */
#define EXTENT_AT	104u		/* u64: block; upper 16 bits: number of the disk */

#define ENCRYPTED_MAX	8192u		/* blocks; a disk of macOS has some thousands */

struct fvault {
	uint32_t block_size;		/* bytes */
	uint64_t copies[COPIES];	/* offsets of copies of the metadata, bytes */
	uint8_t key[2 * FV_KEY];	/* of the encrypted metadata */
	uint64_t encrypted[2];		/* offsets of the encrypted metadata and its copy */
	uint64_t nr_encrypted;		/* blocks */
	struct fv_lists lists;
	bool is_packed;			/* a list of keys is compressed */
	uint32_t nr_extents;		/* of the logical volume */
	uint64_t extent, extent_size;	/* the first of them, bytes */
	uint8_t block[BLOCK];
};

static int damaged(const struct attempt *a, const char *what)
{
	return crypt_error(a, -EUCLEAN, "its FileVault2 metadata is damaged: %s", what);
}

static bool has_checksum(const uint8_t *p, size_t len)
{
	return get_le32(p + SEED) == ~0u && crc32c_add(~0u, p + 8, len - 8) == get_le32(p + CRC);
}

/* Read @len bytes at @offset, which is not trusted.  False: they cannot be read. */
static bool read_at(const struct attempt *a, void *buf, size_t len, uint64_t offset)
{
	const struct crypt_source *src = a->src;

	return offset <= src->size && len <= src->size - offset &&
	       !src->read(src->data, buf, len, offset);
}

/* The offset of the block @nr; too large for any device if it overflows. */
static uint64_t offset_of(const struct fvault *f, uint64_t nr)
{
	return nr > UINT64_MAX / f->block_size ? UINT64_MAX : nr * f->block_size;
}

static int read_header(const struct attempt *a, struct fvault *f)
{
	uint8_t h[SECTOR];

	if (!read_at(a, h, sizeof(h), 0))
		return crypt_error(a, -EIO, "its first sector cannot be read");
	if (!has_checksum(h, sizeof(h)))
		return damaged(a, "the checksum of the first sector is wrong");
	f->block_size = get_le32(h + BLOCK_SIZE);
	if (f->block_size < SECTOR || f->block_size > 1u << 20 || f->block_size % SECTOR)
		return damaged(a, "the size of a block is invalid");
	if (get_le32(h + KEY_SIZE) != FV_KEY)
		return crypt_error(a, -EOPNOTSUPP, "its metadata has a key of %u bytes, which is not supported",
				   get_le32(h + KEY_SIZE));
	for (unsigned int i = 0; i < COPIES; i++)
		f->copies[i] = offset_of(f, get_le64(h + COPIES_AT + 8 * i));
	memcpy(f->key, h + KEY, FV_KEY);
	memcpy(f->key + FV_KEY, h + UUID, FV_KEY);
	return 0;
}

/* Get the offsets of the encrypted metadata from the copy of the metadata at @offset. */
static bool read_copy(const struct attempt *a, struct fvault *f, uint64_t offset)
{
	uint8_t d[DESCRIPTOR_BYTES];

	if (!read_at(a, f->block, BLOCK, offset) || !has_checksum(f->block, BLOCK) ||
	    get_le16(f->block + TYPE) != TYPE_METADATA ||
	    !read_at(a, d, sizeof(d), offset + get_le32(f->block + DESCRIPTOR)))
		return false;
	f->nr_encrypted = get_le64(d + NR_ENCRYPTED);
	for (unsigned int i = 0; i < 2; i++)
		f->encrypted[i] = offset_of(f, get_le64(d + ENCRYPTED_AT + 8 * i));
	return f->encrypted[0];
}

/* ---- The encrypted metadata ---------------------------------------------------------- */

/* Get the property list whose offset and size are at @at in the block. */
static bool get_list_at(const struct fvault *f, unsigned int at, struct fv_text *text)
{
	uint32_t offset = get_le32(f->block + at), size = get_le32(f->block + at + 4);

	if (offset > BLOCK || size > BLOCK - offset)
		return false;
	text->at = (const char *)f->block + offset;
	text->end = text->at + size;
	return true;
}

static void take_keys(struct fvault *f)
{
	struct fv_text text;

	if (get_le32(f->block + KEYS_PACKED) != get_le32(f->block + KEYS_BYTES))
		f->is_packed = true;
	else if (get_list_at(f, KEYS_AT, &text))
		fv_read_keys(&f->lists, text);
}

static void take_block(struct fvault *f)
{
	struct fv_text text;

	switch (get_le16(f->block + TYPE)) {
	case TYPE_KEYS:
		take_keys(f);
		break;
	case TYPE_VOLUME:
		if (get_list_at(f, VOLUME_AT, &text))
			fv_read_volume(&f->lists, text);
		break;
	case TYPE_DATA:
		f->nr_extents = get_le32(f->block + NR_EXTENTS);
		f->extent = offset_of(f, get_le64(f->block + EXTENT_AT));
		f->extent_size = offset_of(f, get_le32(f->block + EXTENT_BLOCKS));
		break;
	}
}

/* Decrypt the block @nr in f->block. */
static int decrypt(struct fvault *f, gcry_cipher_hd_t c, uint64_t nr)
{
	uint8_t tweak[16] = { 0 };

	for (unsigned int i = 0; i < 8; i++)
		tweak[i] = nr >> 8 * i;
	return gcry_cipher_setiv(c, tweak, sizeof(tweak)) ||
	       gcry_cipher_decrypt(c, f->block, BLOCK, NULL, 0) ? -EINVAL : 0;
}

/* Read the blocks at @start up to one of zeros.  Returns whether all were valid. */
static bool read_blocks(const struct attempt *a, struct fvault *f, gcry_cipher_hd_t c,
			uint64_t start)
{
	uint64_t nr = f->nr_encrypted < ENCRYPTED_MAX ? f->nr_encrypted : ENCRYPTED_MAX;

	for (uint64_t i = 0; i < nr; i++) {
		if (!read_at(a, f->block, BLOCK, start + i * BLOCK))
			return false;
		if (all_zeros(f->block, BLOCK))
			break;
		if (decrypt(f, c, i) || !has_checksum(f->block, BLOCK))
			return false;
		take_block(f);
	}
	return true;
}

static bool is_complete(const struct fvault *f)
{
	return f->lists.nr_users && f->lists.nr_volume_keys && f->lists.has_family &&
	       f->lists.size && f->nr_extents;
}

static int read_encrypted(const struct attempt *a, struct fvault *f)
{
	gcry_cipher_hd_t c;
	bool valid = false;

	if (gcry_cipher_open(&c, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_XTS, 0))
		return crypt_error(a, -ENOMEM, "out of memory");
	if (!gcry_cipher_setkey(c, f->key, sizeof(f->key)))
		for (unsigned int i = 0; i < 2 && !is_complete(f); i++)
			valid = read_blocks(a, f, c, f->encrypted[i]);
	gcry_cipher_close(c);
	if (is_complete(f))
		return 0;
	if (f->is_packed)
		return crypt_error(a, -EOPNOTSUPP, "its list of keys is compressed, which is not supported");
	if (!valid)
		return damaged(a, "the encrypted metadata cannot be read");
	if (!f->lists.nr_users)
		return crypt_error(a, -EOPNOTSUPP, "this CoreStorage volume has no user with a password: it is not encrypted, or its keys are of an unknown kind");
	return damaged(a, "it does not describe the logical volume");
}

/* ---- Unlocking ------------------------------------------------------------------------- */

static int read_metadata(const struct attempt *a, struct fvault *f)
{
	bool found = false;
	int rc = read_header(a, f);

	for (unsigned int i = 0; !rc && !found && i < COPIES; i++)
		found = read_copy(a, f, f->copies[i]);
	if (!rc && !found)
		rc = damaged(a, "none of its copies is valid");
	return rc ? rc : read_encrypted(a, f);
}

static int lay_out(const struct attempt *a, const struct fvault *f)
{
	struct crypt_segment *s = &a->volume->segments[0];

	if (f->nr_extents != 1 || f->lists.size > f->extent_size)
		return crypt_error(a, -EOPNOTSUPP, "its logical volume is in %u pieces or on several disks, which is not supported",
				   f->nr_extents);
	if (f->lists.size % SECTOR)
		return damaged(a, "the size of the logical volume is invalid");
	if (f->extent > a->src->size || f->lists.size > a->src->size - f->extent)
		return crypt_error(a, -EUCLEAN, "truncated: its logical volume extends beyond its end");
	*s = (struct crypt_segment){
		.len = f->lists.size / SECTOR, .offset = f->extent / SECTOR, .sector_size = SECTOR,
		.cipher = "aes-xts-plain64",
	};
	a->volume->nr_segments = 1;
	return 0;
}

int fvault_unlock(struct attempt *a)
{
	struct fvault *f = calloc(1, sizeof(*f));
	int rc = f ? read_metadata(a, f) : crypt_error(a, -ENOMEM, "out of memory");

	if (!rc)
		rc = lay_out(a, f);
	if (!rc)
		rc = fv_open(a, &f->lists, a->volume->key);
	a->volume->key_len = 2 * FV_KEY;
	if (rc)
		explicit_bzero(a->volume, sizeof(*a->volume));
	if (f)
		explicit_bzero(f, sizeof(*f));
	free(f);
	return rc;
}
