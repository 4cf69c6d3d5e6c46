// SPDX-License-Identifier: GPL-2.0
/*
 * bitlocker.c - unlock a volume of BitLocker
 *
 * The first sector says where three copies of the metadata are.  The first sectors of the
 * decrypted volume are relocated, because the encrypted volume has its own boot sectors there;
 * the ranges of the metadata and of the relocated sectors read as zeros.
 *
 * Reference: the format description of libbde; numbers are little endian.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bitlocker.h"
#include "bytes.h"

#define SECTOR		512u
#define SIGNATURE	"-FVE-FS-"

/* The first sector. */
#define BYTES_PER_SECTOR	11u	/* u16 */
#define SECTORS_PER_CLUSTER	13u
#define VISTA_CLUSTER		56u	/* u64 */
#define GUID_AT			160u	/* followed by three offsets */
#define GUID_AT_TO_GO		424u

/* Layout of a copy of the metadata: block header, metadata header, entries. */
#define COPIES		3u
#define BLOCK		65536u
#define VERSION		10u		/* u16 */
#define STATE		12u		/* two u16: state of encryption, now and next */
#define VOLUME_SIZE	16u		/* u64: bytes */
#define HEADER_SECTORS	28u		/* u32: number of first sectors that are relocated */
#define COPY_OFFSETS	32u		/* three u64 */
#define HEADER_OFFSET	56u		/* u64: offset of the relocated sectors */
#define METADATA	64u
#define METADATA_SIZE	(METADATA + 0u)	/* u32 */
#define METHOD		(METADATA + 36u)	/* u16 */
#define ENTRIES		(METADATA + 48u)

#define STATE_NORMAL	4u

#define PROTECTORS_MAX	32u		/* a password takes half a second for each protector */

static const uint8_t guid_normal[FVE_GUID] = {
	0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a,
	0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01,
};
static const uint8_t guid_on_write[FVE_GUID] = {
	0x3b, 0x4d, 0xa8, 0x92, 0x80, 0xdd, 0x0e, 0x4d,
	0x9e, 0x4e, 0xb1, 0xe3, 0x28, 0x4e, 0xae, 0xd8,
};

struct bitlocker {
	uint8_t block[BLOCK];		/* the metadata */
	uint64_t copies[COPIES];	/* offsets of the copies of the metadata, bytes */
	uint64_t header_offset, header_size;	/* place of the relocated first sectors, bytes */
	uint64_t size;			/* of the volume, bytes */
	uint32_t sector_size;		/* bytes */
	struct fve_list entries;
};

/* ---- Reading the metadata ------------------------------ */

static int damaged(const struct attempt *a, const char *what)
{
	return crypt_error(a, -EUCLEAN, "its BitLocker metadata is damaged: %s", what);
}

/* Read the offsets of the copies from the first sector. */
static int find_copies(const struct attempt *a, struct bitlocker *b)
{
	uint8_t s[SECTOR];
	const uint8_t *guid;
	int rc = a->src->size < sizeof(s) ? -EUCLEAN : a->src->read(a->src->data, s, sizeof(s), 0);

	if (rc)
		return crypt_error(a, rc, "its first sector cannot be read");
	b->sector_size = get_le16(s + BYTES_PER_SECTOR);
	guid = s + (memcmp(s + 3, SIGNATURE, 8) ? GUID_AT_TO_GO : GUID_AT);
	if (!memcmp(guid, guid_on_write, FVE_GUID))
		return crypt_error(a, -EOPNOTSUPP, "BitLocker with encryption on write is not supported");
	if (!memcmp(guid, guid_normal, FVE_GUID)) {
		for (unsigned int i = 0; i < COPIES; i++)
			b->copies[i] = get_le64(guid + FVE_GUID + 8 * i);
		return 0;
	}
	if (memcmp(s + 3, SIGNATURE, 8))
		return damaged(a, "the first sector does not say where it is");
	b->copies[0] = get_le64(s + VISTA_CLUSTER) * s[SECTORS_PER_CLUSTER] * b->sector_size;
	return 0;
}

/* Read the copy at @offset; false if it is not valid. */
static bool read_copy(const struct attempt *a, struct bitlocker *b, uint64_t offset)
{
	uint64_t left = offset && offset < a->src->size ? a->src->size - offset : 0;
	size_t len = left < BLOCK ? left : BLOCK;
	uint32_t size;

	if (len < ENTRIES || a->src->read(a->src->data, b->block, len, offset) ||
	    memcmp(b->block, SIGNATURE, 8))
		return false;
	size = get_le32(b->block + METADATA_SIZE);
	if (size < ENTRIES - METADATA || size > len - METADATA)
		return false;
	b->entries = (struct fve_list){ b->block + ENTRIES, size - (ENTRIES - METADATA) };
	return true;
}

/* Find the relocated first sectors of the volume. */
static void find_header(struct bitlocker *b)
{
	struct fve_list list = b->entries;
	struct fve_entry e;

	b->header_offset = get_le64(b->block + HEADER_OFFSET);
	b->header_size = (uint64_t)get_le32(b->block + HEADER_SECTORS) * b->sector_size;
	while (fve_next(&list, &e)) {
		if (e.type != FVE_ENTRY_HEADER || e.value != FVE_VALUE_EXTENT || e.len < 16)
			continue;
		b->header_offset = get_le64(e.data);
		b->header_size = get_le64(e.data + 8);
	}
}

static int read_metadata(const struct attempt *a, struct bitlocker *b)
{
	bool found = false;
	int rc = find_copies(a, b);

	for (unsigned int i = 0; !rc && !found && i < COPIES; i++)
		found = read_copy(a, b, b->copies[i]);
	if (rc)
		return rc;
	if (!found)
		return damaged(a, "none of its copies is valid");
	if (b->sector_size != SECTOR && b->sector_size != 4096)
		return damaged(a, "the size of a sector is invalid");
	if (get_le16(b->block + VERSION) != 2)
		return crypt_error(a, -EOPNOTSUPP, "BitLocker of Windows Vista is not supported");
	if (get_le16(b->block + STATE) != STATE_NORMAL ||
	    get_le16(b->block + STATE + 2) != STATE_NORMAL)
		return crypt_error(a, -EOPNOTSUPP, "Windows has not finished encrypting or decrypting it: let Windows complete that");
	for (unsigned int i = 0; i < COPIES; i++)
		b->copies[i] = get_le64(b->block + COPY_OFFSETS + 8 * i);
	b->size = get_le64(b->block + VOLUME_SIZE);
	find_header(b);
	return 0;
}

/* ---- Where the data is ------------------------------ */

/* A range that reads as zeros. */
struct hole { uint64_t start, end; };	/* bytes */

static int by_start(const void *x, const void *y)
{
	const struct hole *a = x, *b = y;

	return a->start < b->start ? -1 : a->start > b->start;
}

static void add_segment(struct crypt_volume *v, const struct crypt_segment *like, uint64_t start,
			uint64_t end, uint64_t offset, bool zero)
{
	struct crypt_segment *s = &v->segments[v->nr_segments++];

	*s = *like;
	s->start = start / SECTOR;
	s->len = (end - start) / SECTOR;
	s->offset = s->iv_offset = offset / SECTOR;
	s->zero = zero;
}

static int lay_out(const struct attempt *a, const struct bitlocker *b,
		   const struct crypt_segment *like)
{
	struct crypt_volume *v = a->volume;
	struct hole holes[COPIES + 1];
	uint64_t at = b->header_size;

	for (unsigned int i = 0; i < COPIES; i++)
		holes[i] = (struct hole){ b->copies[i], b->copies[i] + BLOCK };
	holes[COPIES] = (struct hole){ b->header_offset, b->header_offset + b->header_size };
	qsort(holes, COPIES + 1, sizeof(holes[0]), by_start);
	if (b->size > a->src->size)
		return crypt_error(a, -EUCLEAN, "truncated: only %llu of its %llu bytes are there",
				   (unsigned long long)a->src->size, (unsigned long long)b->size);
	if (at)
		add_segment(v, like, 0, at, b->header_offset, false);
	for (unsigned int i = 0; i <= COPIES; i++) {
		const struct hole *h = &holes[i];

		if ((h->start | h->end | b->size | b->header_size) % b->sector_size ||
		    h->start < at || h->end < h->start || h->end > b->size)
			return damaged(a, "its copies overlap or are outside of the volume");
		if (h->start > at)
			add_segment(v, like, at, h->start, at, false);
		if (h->end > h->start)
			add_segment(v, like, h->start, h->end, h->start, true);
		at = h->end;
	}
	if (at < b->size)
		add_segment(v, like, at, b->size, at, false);
	return 0;
}

/* ---- Keys ------------------------------ */

static const struct method {
	unsigned int number;
	const char *cipher;
	unsigned int stored, key;	/* bytes of the data key in the metadata, and of one key */
	bool diffuser;
} methods[] = {
	{ 0x8000, "aes-cbc-elephant", 64, 16, true },
	{ 0x8001, "aes-cbc-elephant", 64, 32, true },
	{ 0x8002, "aes-cbc-eboiv", 16, 16, false },
	{ 0x8003, "aes-cbc-eboiv", 32, 32, false },
	{ 0x8004, "aes-xts-plain64", 32, 32, false },
	{ 0x8005, "aes-xts-plain64", 64, 64, false },
};

static const struct method *find_method(const struct bitlocker *b)
{
	unsigned int number = get_le16(b->block + METHOD);

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (methods[i].number == number)
			return &methods[i];
	return NULL;
}

/* Decrypt the data key with the volume master key. */
static int data_key(const struct attempt *a, const struct bitlocker *b, const struct method *m,
		    const uint8_t *vmk)
{
	struct crypt_volume *v = a->volume;
	struct fve_list list = b->entries;
	struct fve_entry e;

	while (fve_next(&list, &e)) {
		int len;

		if (e.type != FVE_ENTRY_FVEK || e.value != FVE_VALUE_CCM)
			continue;
		len = fve_decrypt_key(&e, vmk, v->key, sizeof(v->key));
		if (len < 0)
			continue;
		if ((unsigned int)len < m->stored)
			return damaged(a, "its key is too short");
		v->key_len = m->key;
		if (m->diffuser) {	/* the diffuser's key is in the second half */
			memmove(v->key + m->key, v->key + 32, m->key);
			v->key_len = 2 * m->key;
		}
		return 0;
	}
	return damaged(a, "its key cannot be decrypted");
}

/* List the names of the protectors, for a message. */
static void name_protectors(const struct bitlocker *b, char *text, size_t len)
{
	struct fve_list list = b->entries;
	struct fve_entry e;
	size_t at = 0;

	text[0] = '\0';
	while (fve_next(&list, &e))
		if (e.type == FVE_ENTRY_VMK && at < len)
			at += snprintf(text + at, len - at, "%s%s", at ? ", " : "",
				       fve_protector_name(&e));
}

static int master_key(struct attempt *a, const struct bitlocker *b, uint8_t *vmk)
{
	struct fve_list list = b->entries;
	struct fve_entry e;
	unsigned int number = 0;
	char names[200];
	int rc = -ENOKEY;

	while (rc == -ENOKEY && fve_next(&list, &e)) {
		if (e.type != FVE_ENTRY_VMK)
			continue;
		if (number == PROTECTORS_MAX)
			return damaged(a, "it has more than 32 protectors");
		if (!attempt_wants(a, number++))
			continue;
		rc = fve_open_protector(a, &e, vmk);
		a->volume->slot = number - 1;
	}
	if (rc != -ENOKEY)
		return rc ? crypt_error(a, rc, "out of memory") : 0;
	name_protectors(b, names, sizeof(names));
	return crypt_error(a, rc, "the key opens none of its protectors: %s", names);
}

static int unlock(struct attempt *a, struct bitlocker *b)
{
	struct crypt_segment like = { 0 };
	const struct method *m;
	uint8_t vmk[FVE_KEY];
	int rc = read_metadata(a, b);

	if (rc)
		return rc;
	m = find_method(b);
	if (!m)
		return crypt_error(a, -EOPNOTSUPP, "its encryption method 0x%x is not supported",
				   get_le16(b->block + METHOD));
	snprintf(like.cipher, sizeof(like.cipher), "%s", m->cipher);
	like.sector_size = b->sector_size;
	like.large_iv = b->sector_size != SECTOR;
	rc = lay_out(a, b, &like);
	if (!rc)
		rc = master_key(a, b, vmk);
	if (!rc)
		rc = data_key(a, b, m, vmk);
	explicit_bzero(vmk, sizeof(vmk));
	return rc;
}

int bitlocker_unlock(struct attempt *a)
{
	struct bitlocker *b = calloc(1, sizeof(*b));
	int rc = b ? unlock(a, b) : crypt_error(a, -ENOMEM, "out of memory");

	free(b);
	if (rc)
		explicit_bzero(a->volume, sizeof(*a->volume));
	return rc;
}
