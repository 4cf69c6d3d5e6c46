// SPDX-License-Identifier: GPL-2.0
/*
 * tcrypt.c - unlock a volume of TrueCrypt or VeraCrypt
 *
 * Nothing in the header is readable: each hash and each cascade of ciphers is tried until
 * the decrypted header has its magic and checksums.  A salt of 64 bytes is followed by
 * 448 encrypted bytes; numbers are big endian.
 *
 * Reference: "VeraCrypt Volume Format Specification", "Encryption Scheme" and "Header Key
 * Derivation" of VeraCrypt's documentation.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "internal.h"
#include "tcrypt.h"

#define SECTOR		512u

/* Offsets of headers; a negative one counts from the end. */
#define AT_NORMAL	0
#define AT_HIDDEN	65536
#define AT_HIDDEN_OLD	(-1536)		/* before TrueCrypt 6 */
#define AT_BACKUP	(-131072)
#define AT_BACKUP_HIDDEN	(-65536)
#define AT_SYSTEM	31744		/* on the disk that contains the volume */

/* Offsets in the decrypted part. */
#define MAGIC		0u
#define VERSION		4u		/* u16 */
#define KEYS_CRC	8u		/* u32 */
#define HIDDEN_SIZE	28u		/* u64: bytes of a hidden volume, or 0 */
#define DATA_OFFSET	44u		/* u64: bytes */
#define DATA_SIZE	52u		/* u64 */
#define SECTOR_SIZE	64u		/* u32, since version 5 */
#define HEADER_CRC	188u		/* u32: CRC of everything before it */

#define PASSWORD_SHORT	64u		/* bytes: the longest password of TrueCrypt */
#define PASSWORD_LONG	128u		/* bytes: the longest password of VeraCrypt */

/* ---- Header keys ------------------------------ */

/* A hash for PBKDF2, and the number of iterations in each kind of volume. */
struct prf {
	const char *hash;
	uint32_t truecrypt, truecrypt_system;	/* iterations; 0: not used */
	uint32_t veracrypt, veracrypt_system;
};

static const struct prf prfs[] = {
	{ "sha512", 1000, 0, 500000, 0 },
	{ "sha256", 0, 0, 500000, 200000 },
	{ "blake2s-256", 0, 0, 500000, 200000 },
	{ "ripemd160", 2000, 1000, 655331, 327661 },
	{ "whirlpool", 1000, 0, 500000, 0 },
	{ "stribog512", 0, 0, 500000, 0 },
};

/*
 * The number of iterations, or 0 to skip this try.  For an encrypted system, @try 0 is the
 * number of the boot loader and 1 that of volumes; for other volumes only @try 0 is used.
 */
static uint32_t iterations(const struct crypt_tcrypt *t, const struct prf *prf, unsigned int try)
{
	bool boot = t->system && !try;

	if (try && !t->system)
		return 0;
	if (!t->veracrypt)
		return boot ? prf->truecrypt_system : prf->truecrypt;
	if (!t->pim)
		return boot ? prf->veracrypt_system : prf->veracrypt;
	if (boot)
		return prf->veracrypt_system ? t->pim * 2048 : 0;
	return 15000 + t->pim * 1000;
}

static int derive(const struct attempt *a, const struct prf *prf, uint32_t rounds,
		  const struct tcrypt_password *p, const uint8_t *salt, uint8_t *key, size_t len)
{
	struct kdf kdf = { .type = "pbkdf2", .iterations = rounds, .salt_len = TCRYPT_SALT };

	snprintf(kdf.hash, sizeof(kdf.hash), "%s", prf->hash);
	memcpy(kdf.salt, salt, TCRYPT_SALT);
	return kdf_derive(a, &kdf, p->bytes, p->len, key, len);
}

/* For each byte of a key file, add the four bytes of the running checksum to the pool. */
static void mix_key_file(const struct crypt_blob *file, uint8_t *pool, size_t size)
{
	const uint8_t *p = file->data;
	size_t len = file->len < TCRYPT_KEY_FILE_MAX ? file->len : TCRYPT_KEY_FILE_MAX, at = 0;
	uint32_t crc = ~0u;

	for (size_t i = 0; i < len; i++) {
		crc = crc32_add(crc, p + i, 1);
		for (int shift = 24; shift >= 0; shift -= 8) {
			pool[at] += crc >> shift;
			at = (at + 1) % size;
		}
	}
}

/* Mix the key files into the password.  0, or -ENOKEY with a->text. */
static int make_password(const struct attempt *a, struct tcrypt_password *p)
{
	const struct crypt_tcrypt *t = a->rq->tcrypt;
	size_t max = t->veracrypt ? PASSWORD_LONG : PASSWORD_SHORT, size;

	if (a->rq->passphrase_len > max)
		return crypt_error(a, -ENOKEY, "its password has at most %zu bytes", max);
	memset(p, 0, sizeof(*p));
	memcpy(p->bytes, a->rq->passphrase, a->rq->passphrase_len);
	p->len = a->rq->passphrase_len;
	size = p->len > PASSWORD_SHORT ? PASSWORD_LONG : PASSWORD_SHORT;
	for (size_t i = 0; i < t->nr_key_files; i++)
		mix_key_file(&t->key_files[i], p->pool, size);
	if (!t->nr_key_files)
		return 0;
	for (size_t i = 0; i < size; i++)
		p->bytes[i] += p->pool[i];
	p->len = size;
	return 0;
}

/* ---- Headers ------------------------------ */

static bool is_header(const struct crypt_tcrypt *t, const uint8_t *h)
{
	return !memcmp(h + MAGIC, t->veracrypt ? "VERA" : "TRUE", 4) &&
	       get_be32(h + KEYS_CRC) ==
		       crc32_of(h + TCRYPT_KEYS, TCRYPT_ENCRYPTED - TCRYPT_KEYS) &&
	       (get_be16(h + VERSION) < 4 ||
		get_be32(h + HEADER_CRC) == crc32_of(h, HEADER_CRC));
}

/* Whether to try @chain now: single ciphers and cascades are tried separately. */
static bool use_chain(const struct crypt_tcrypt *t, const struct tcrypt_chain *chain, bool single)
{
	if (*t->cipher)
		return !strcmp(t->cipher, chain->name);
	return (chain->nr == 1) == single;
}

/* Find the chain that decrypts the header at @h with @key, into @plain; NULL if there is none. */
static const struct tcrypt_chain *try_chains(const struct attempt *a, const uint8_t *h,
					     const uint8_t *key, bool single, uint8_t *plain)
{
	const struct tcrypt_chain *chain;

	for (size_t i = 0; (chain = tcrypt_chain(i)); i++) {
		if (!use_chain(a->rq->tcrypt, chain, single))
			continue;
		memcpy(plain, h + TCRYPT_SALT, TCRYPT_ENCRYPTED);
		if (!tcrypt_decrypt(chain, key, plain) && is_header(a->rq->tcrypt, plain))
			return chain;
	}
	return NULL;
}

/* The parameters and result of an attempt to decrypt a header. */
struct opening {
	const struct tcrypt_password *password;
	const uint8_t *header;		/* TCRYPT_HEADER bytes */
	uint8_t *plain;			/* gets the decrypted part, TCRYPT_ENCRYPTED bytes */
	const struct tcrypt_chain *chain;	/* the result */
};

/* Try one hash, and the single ciphers or the cascades. */
static int try_hash(const struct attempt *a, struct opening *o, const struct prf *prf, bool single)
{
	const struct crypt_tcrypt *t = a->rq->tcrypt;
	uint8_t key[TCRYPT_KEY_MAX];
	int rc = 0;

	if (*t->hash && strcmp(t->hash, prf->hash))
		return 0;
	for (unsigned int try = 0; !rc && !o->chain && try < 2; try++) {
		uint32_t rounds = iterations(t, prf, try);

		if (!rounds)
			continue;
		rc = derive(a, prf, rounds, o->password, o->header, key,
			    single ? TCRYPT_KEY_ONE : sizeof(key));
		if (!rc)
			o->chain = try_chains(a, o->header, key, single, o->plain);
	}
	explicit_bzero(key, sizeof(key));
	return rc;
}

/* Try all hashes, first with single ciphers, which need a third of the key. */
static int open_header(const struct attempt *a, struct opening *o)
{
	unsigned int pass = *a->rq->tcrypt->cipher ? 1 : 0;
	int rc = 0;

	for (; !rc && !o->chain && pass < 2; pass++)
		for (size_t i = 0; !rc && !o->chain && i < sizeof(prfs) / sizeof(prfs[0]); i++)
			rc = try_hash(a, o, &prfs[i], !pass);
	return rc ? rc : o->chain ? 0 : -ENOKEY;
}

/* The offsets of headers, in the order of the attempts. */
static size_t list_header_places(const struct crypt_tcrypt *t, int64_t *places)
{
	size_t nr = 0;

	if (t->system) {
		places[nr++] = AT_SYSTEM;
	} else if (t->backup) {
		places[nr++] = t->hidden ? AT_BACKUP_HIDDEN : AT_BACKUP;
	} else if (t->hidden) {
		places[nr++] = AT_HIDDEN;
		if (!t->veracrypt)
			places[nr++] = AT_HIDDEN_OLD;
	} else {
		places[nr++] = AT_NORMAL;
	}
	return nr;
}

/* Find the offset of the data in bytes, for the decrypted header @plain that was at @place. */
static int find_data_offset(const struct attempt *a, const uint8_t *plain, int64_t place,
			    uint64_t *offset)
{
	unsigned int version = get_be16(plain + VERSION);
	uint64_t hidden = get_be64(plain + HIDDEN_SIZE);

	*offset = get_be64(plain + DATA_OFFSET);
	if (version < 4 && place != AT_HIDDEN_OLD)	/* only the header precedes the data */
		*offset = SECTOR;
	if (place == AT_HIDDEN_OLD && version < 4) {
		if (a->src->size < 1536 || hidden > a->src->size - 1536)
			return crypt_error(a, -EUCLEAN, "its hidden volume is larger than the volume");
		*offset = a->src->size - 1536 - hidden;
	}
	if (*offset % SECTOR)
		return crypt_error(a, -EUCLEAN, "its data does not begin with a sector");
	return 0;
}

/* Fill in the volume: the lowest layer over the device, others above it. */
static int fill_volume(const struct attempt *a, const struct tcrypt_chain *chain,
		       const uint8_t *plain, int64_t place)
{
	const struct crypt_tcrypt *t = a->rq->tcrypt;
	struct crypt_volume *v = a->volume;
	uint64_t offset, len = get_be16(plain + VERSION) < 4 ? 0 : get_be64(plain + DATA_SIZE);
	uint32_t sector = get_be16(plain + VERSION) < 5 ? SECTOR : get_be32(plain + SECTOR_SIZE);
	int rc = find_data_offset(a, plain, place, &offset);

	if (rc)
		return rc;
	if (t->system) {	/* the offset is that of the disk */
		if (offset < t->start)
			return crypt_error(a, -EOPNOTSUPP, "the encrypted system begins before this partition");
		len = 0;
	}
	if (len % SECTOR || (sector != 512 && sector != 1024 && sector != 2048 && sector != 4096))
		return crypt_error(a, -EUCLEAN, "the sizes in its header are invalid");
	v->nr_over = chain->nr - 1;
	v->nr_segments = 1;
	tcrypt_keys(chain, plain + TCRYPT_KEYS, v);
	v->segments[0].offset = (offset - t->start) / SECTOR;
	v->segments[0].len = len / SECTOR;
	for (unsigned int i = 0; i < chain->nr; i++) {
		struct crypt_segment *s = i ? &v->over[i - 1] : &v->segments[0];

		/* TrueCrypt numbers data units of 512 bytes with any sector size. */
		s->sector_size = SECTOR;
		s->iv_offset = offset / SECTOR;
	}
	return 0;
}

static int try_header_at(struct attempt *a, const struct tcrypt_password *p, int64_t place)
{
	const struct crypt_source *src = a->rq->tcrypt->system && a->rq->tcrypt->disk ?
					 a->rq->tcrypt->disk : a->src;
	uint64_t at = place < 0 ? src->size + place : (uint64_t)place;
	uint8_t h[TCRYPT_HEADER], plain[TCRYPT_ENCRYPTED];
	struct opening o = { .password = p, .header = h, .plain = plain };
	int rc;

	if (at > src->size || sizeof(h) > src->size - at)
		return -ENOKEY;
	rc = src->read(src->data, h, sizeof(h), at);
	if (rc)
		return crypt_error(a, rc, "its header cannot be read");
	rc = open_header(a, &o);
	if (!rc)
		rc = fill_volume(a, o.chain, plain, place);
	explicit_bzero(plain, sizeof(plain));
	return rc;
}

int tcrypt_unlock(struct attempt *a)
{
	const struct crypt_tcrypt *t = a->rq->tcrypt;
	struct tcrypt_password p;
	int64_t places[2];
	size_t nr = list_header_places(t, places);
	int rc = make_password(a, &p);

	if (!rc)
		rc = -ENOKEY;
	else
		nr = 0;
	for (size_t i = 0; rc == -ENOKEY && i < nr; i++)
		rc = try_header_at(a, &p, places[i]);
	explicit_bzero(&p, sizeof(p));
	if (rc)
		explicit_bzero(a->volume, sizeof(*a->volume));
	if (rc == -ENOKEY && nr)
		crypt_error(a, rc, "the key opens no %s%s volume: the key is wrong, the volume is of another type, or PIM, key files or options are missing",
			    t->hidden ? "hidden " : "", t->veracrypt ? "VeraCrypt" : "TrueCrypt");
	return rc;
}
