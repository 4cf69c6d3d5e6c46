// SPDX-License-Identifier: GPL-2.0
/*
 * parse-crypt.c - fuzz the headers of LUKS, BitLocker, TrueCrypt and FileVault2
 *
 * The first byte chooses the kind: 'L', 'B', 'T' or 'F'; the header follows.  After 'J' follows
 * the JSON of a LUKS2 header, whose segments are read as if a key had been found.  Zeros follow the
 * header, unless it is shorter than a sector, so that a few kilobytes describe a large volume.
 * A header of TrueCrypt, which has the fields of VeraCrypt too, and the metadata of FileVault2
 * are not encrypted in the input, and are encrypted here: with a change in encrypted bytes, the
 * checksums would never match.
 */
#include <argon2.h>
#include <errno.h>
#include <gcrypt.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "crypt.h"
#include "luks2-json.h"
#include "parser.h"
#include "tcrypt.h"
#include "tester.h"

#define VOLUME_BYTES	(1ull << 40)
#define PASSPHRASE	"anaconda"
#define ROUNDS		1000u		/* of TrueCrypt */
#define HEADER_CRC	188u
#define LUKS2_BINARY	4096u
#define LUKS2_MAX	(4u << 20)

struct input {
	const uint8_t *data;
	size_t len;
	uint64_t size;			/* of the volume */
	bool everywhere;		/* the disk repeats the data at each offset that is read */
};

static int read_input(void *data, void *buf, size_t len, uint64_t offset)
{
	const struct input *in = data;
	uint64_t at = in->everywhere ? 0 : offset;
	size_t have = at < in->len ? in->len - at : 0;

	if (offset > in->size || len > in->size - offset)
		die("a read of %zu bytes at %llu is not inside the volume", len,
		    (unsigned long long)offset);
	memset(buf, 0, len);
	if (have)
		memcpy(buf, in->data + at, have < len ? have : len);
	return 0;
}

/* A substitute for dm-crypt: it changes the bytes depending on the key. */
static int decrypt_input(void *data, const char *cipher, const uint8_t *key, size_t key_len,
			 void *buf, size_t len, uint64_t offset)
{
	int rc = read_input(data, buf, len, offset);

	for (size_t i = 0; i < len; i++)
		((uint8_t *)buf)[i] ^= key[i % key_len];
	return rc;
}

/* ---- Key derivation ------------------------------ */

/* A key that depends on the secret and the salt, without the cost of a real one. */
static void derive_cheaply(const void *secret, size_t secret_len, const void *salt,
			   size_t salt_len, uint8_t *key, size_t key_len)
{
	uint8_t digest[32], *both = malloc(secret_len + salt_len + 1);

	if (!both)
		die("out of memory");
	memcpy(both, secret, secret_len);
	memcpy(both + secret_len, salt, salt_len);
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, both, secret_len + salt_len);
	free(both);
	for (size_t i = 0; i < key_len; i++)
		key[i] = digest[i % sizeof(digest)] ^ i / sizeof(digest);
}

/* Instead of gcry_kdf_derive(); see meson.build. */
gcry_error_t cheap_pbkdf2(const void *secret, size_t secret_len, int algo, int hash,
			  const void *salt, size_t salt_len, unsigned long iterations,
			  size_t key_len, void *key)
{
	if (algo != GCRY_KDF_PBKDF2 || gcry_md_test_algo(hash) || !salt_len || !iterations ||
	    !key_len)
		return gcry_error(GPG_ERR_INV_VALUE);
	derive_cheaply(secret, secret_len, salt, salt_len, key, key_len);
	return 0;
}

/* Instead of argon2_hash(). */
int cheap_argon2(uint32_t passes, uint32_t memory, uint32_t lanes, const void *secret,
		 size_t secret_len, const void *salt, size_t salt_len, void *key, size_t key_len,
		 char *encoded, size_t encoded_len, argon2_type type, uint32_t version)
{
	if (!passes || salt_len < 8 || memory < 8 * lanes || encoded || encoded_len)
		return ARGON2_SALT_TOO_SHORT;
	derive_cheaply(secret, secret_len, salt, salt_len, key, key_len);
	return ARGON2_OK;
}

static void check_volume(const struct crypt_volume *v)
{
	if (v->key_len > CRYPT_KEY_MAX || !v->nr_segments ||
	    v->nr_segments > CRYPT_SEGMENTS_MAX || v->nr_over > CRYPT_OVER_MAX)
		die("an impossible volume was accepted");
	for (unsigned int i = 0; i < v->nr_segments; i++)
		if (!memchr(v->segments[i].cipher, '\0', CRYPT_CIPHER_MAX))
			die("the name of a cipher has no end");
}

static bool unlock(crypt_unlock_fn *fn, struct input *in, const struct crypt_tcrypt *tcrypt)
{
	const struct crypt_source src = {
		.size = in->size, .read = read_input, .decrypt = decrypt_input, .data = in,
	};
	const struct crypt_request rq = {
		.passphrase = PASSPHRASE, .passphrase_len = strlen(PASSPHRASE),
		.kdf_memory = 32 << 10, .kdf_seconds = UINT_MAX, .tcrypt = tcrypt,
	};
	char text[CRYPT_TEXT_MAX] = "";
	struct crypt_volume volume;
	int rc = fn(&src, &rq, &volume, text);

	if (rc && !*text)
		die("error %d has no text", rc);
	if (!rc)
		check_volume(&volume);
	/* A random key never opens the volume, so a header that was parsed counts as accepted. */
	return !rc || rc == -ENOKEY;
}

/* ---- TrueCrypt and VeraCrypt ------------------------------ */

static void put_be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = v >> (24 - 8 * i);
}

static void derive(uint8_t *key)
{
	static const uint8_t salt[TCRYPT_SALT];

	gcry_kdf_derive(PASSPHRASE, strlen(PASSPHRASE), GCRY_KDF_PBKDF2, GCRY_MD_SHA512, salt,
			sizeof(salt), ROUNDS, TCRYPT_KEY_ONE, key);
}

static void encrypt(uint8_t *plain)
{
	static const uint8_t unit[16];
	static uint8_t key[TCRYPT_KEY_ONE];
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	gcry_cipher_hd_t c;

	pthread_mutex_lock(&lock);
	if (!key[0])
		derive(key);
	pthread_mutex_unlock(&lock);
	if (gcry_cipher_open(&c, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_XTS, 0) ||
	    gcry_cipher_setkey(c, key, sizeof(key)) || gcry_cipher_setiv(c, unit, sizeof(unit)) ||
	    gcry_cipher_encrypt(c, plain, TCRYPT_ENCRYPTED, NULL, 0))
		die("libgcrypt cannot encrypt");
	gcry_cipher_close(c);
}

/* The header at @data has no salt; the second byte of the input chooses its place. */
static bool unlock_tcrypt(const uint8_t *data, size_t len)
{
	const struct crypt_tcrypt options = {
		.hash = "sha512", .cipher = "aes", .hidden = data[1] & 1, .backup = data[1] & 2,
	};
	uint8_t header[TCRYPT_HEADER] = { 0 };
	uint8_t *plain = header + TCRYPT_SALT;
	struct input in = { header, sizeof(header), VOLUME_BYTES, true };

	memcpy(plain, data + 2, len - 2 < TCRYPT_ENCRYPTED ? len - 2 : TCRYPT_ENCRYPTED);
	memcpy(plain, "TRUE", 4);
	put_be32(plain + 8, crc32_of(plain + TCRYPT_KEYS, TCRYPT_ENCRYPTED - TCRYPT_KEYS));
	put_be32(plain + HEADER_CRC, crc32_of(plain, HEADER_CRC));
	encrypt(plain);
	return unlock(crypt_module.tcrypt, &in, &options);
}

/* ---- FileVault2 ------------------------------ */

/* Offsets at which make-headers.py puts the metadata and the encrypted blocks. */
#define FVAULT_METADATA	4096u
#define FVAULT_BLOCK	8192u
#define FVAULT_BLOCKS	(FVAULT_METADATA + FVAULT_BLOCK)

static void set_crc32c(uint8_t *p, size_t len)
{
	uint32_t crc = crc32c_add(~0u, p + 8, len - 8);

	memset(p + 4, 0xff, 4);
	put_le32(p, crc);
}

static void encrypt_fvault(uint8_t *header, size_t len)
{
	uint8_t key[32], tweak[16] = { 0 };
	gcry_cipher_hd_t c;

	memcpy(key, header + 176, 16);
	memcpy(key + 16, header + 304, 16);
	if (gcry_cipher_open(&c, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_XTS, 0))
		die("libgcrypt has no AES");
	if (!gcry_cipher_setkey(c, key, sizeof(key)))
		for (size_t at = FVAULT_BLOCKS; at + FVAULT_BLOCK <= len; at += FVAULT_BLOCK) {
			set_crc32c(header + at, FVAULT_BLOCK);
			gcry_cipher_setiv(c, tweak, sizeof(tweak));
			gcry_cipher_encrypt(c, header + at, FVAULT_BLOCK, NULL, 0);
			tweak[0]++;
		}
	gcry_cipher_close(c);
}

static bool unlock_fvault(const uint8_t *data, size_t len)
{
	struct input in = { .len = len, .size = VOLUME_BYTES };
	uint8_t *header;
	bool accepted;

	if (len < FVAULT_BLOCKS)
		return false;
	in.data = header = malloc(len);
	if (!header)
		die("out of memory");
	memcpy(header, data, len);
	set_crc32c(header, 512);
	set_crc32c(header + FVAULT_METADATA, FVAULT_BLOCK);
	encrypt_fvault(header, len);
	accepted = unlock(crypt_module.fvault, &in, NULL);
	free(header);
	return accepted;
}

/* ---- LUKS ------------------------------ */

/* The checksum of a LUKS2 header; cryptsetup writes SHA-256. */
static void repair_luks2(uint8_t *header, size_t len)
{
	uint64_t size = len > LUKS2_BINARY ? get_be64(header + 8) : 0;

	if (size <= LUKS2_BINARY || size > len || size > LUKS2_MAX)
		return;
	memset(header + 448, 0, 64);
	gcry_md_hash_buffer(GCRY_MD_SHA256, header + 448, header, size);
}

static bool read_segments(const uint8_t *data, size_t len)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *root = json_tokener_parse_ex(tok, (const char *)data, len);
	char text[CRYPT_TEXT_MAX] = "";
	struct crypt_volume volume = { 0 };
	const struct attempt a = { .volume = &volume, .text = text };
	int rc = -EUCLEAN;

	json_tokener_free(tok);
	json_object_object_foreach(json_section(root, "digests"), name, digest) {
		(void)name;
		rc = json_segments(&a, root, digest);
		if (rc && !*text)
			die("error %d has no text", rc);
		if (!rc)
			check_volume(&volume);
	}
	json_object_put(root);
	return !rc;
}

static void repair(uint8_t *data, size_t len)
{
	if (len > 1 && data[0] == 'L' && len > 8 && data[8] == 2)
		repair_luks2(data + 1, len - 1);
}

static bool parse(const uint8_t *data, size_t len)
{
	struct input in = {
		.data = data + 1, .len = len - 1, .size = len < 512 ? len - 1 : VOLUME_BYTES,
	};

	if (len < 3)
		return false;
	switch (data[0]) {
	case 'J':
		return read_segments(data + 1, len - 1);
	case 'L':
		return unlock(crypt_module.luks, &in, NULL);
	case 'B':
		return unlock(crypt_module.bitlocker, &in, NULL);
	case 'T':
		return unlock_tcrypt(data, len);
	case 'F':
		return unlock_fvault(data + 1, len - 1);
	default:
		return false;
	}
}

const struct parser parser = { .parse = parse, .repair = repair };
