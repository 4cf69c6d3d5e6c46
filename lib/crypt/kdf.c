// SPDX-License-Identifier: GPL-2.0
/*
 * kdf.c - derive a key from a passphrase, within limits of memory and time
 *
 * A header can demand any amount of memory and time.  Both are checked before the
 * derivation; the time is estimated from a short run of the same function.
 */
#include <argon2.h>
#include <errno.h>
#include <gcrypt.h>
#include <string.h>
#include <time.h>
#include "digest.h"
#include "internal.h"

#define MEMORY_DEFAULT	(4ull << 20)	/* KiB: the maximum of LUKS2 */
#define SECONDS_DEFAULT	60u
#define LANES_MAX	64u

#define TRIAL_ITERATIONS	2000u	/* iterations of pbkdf2: a few milliseconds */
#define TRIAL_MEMORY		8192u	/* KiB of argon2 */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int pbkdf2(const struct kdf *kdf, uint32_t iterations, const void *secret,
		  size_t secret_len, uint8_t *key, size_t len)
{
	int algo = digest_algo(kdf->hash);

	if (!algo)
		return -EOPNOTSUPP;
	/* libgcrypt rejects a null pointer, even for an empty passphrase. */
	return gcry_kdf_derive(secret_len ? secret : "", secret_len, GCRY_KDF_PBKDF2, algo,
			       kdf->salt, kdf->salt_len, iterations, len, key) ? -EINVAL : 0;
}

static int argon2(const struct kdf *kdf, uint32_t passes, uint32_t memory, const void *secret,
		  size_t secret_len, uint8_t *key, size_t len)
{
	argon2_type type = !strcmp(kdf->type, "argon2i") ? Argon2_i : Argon2_id;
	int rc = argon2_hash(passes, memory, kdf->lanes, secret, secret_len, kdf->salt,
			     kdf->salt_len, key, len, NULL, 0, type, ARGON2_VERSION_13);

	if (rc == ARGON2_MEMORY_ALLOCATION_ERROR)
		return -ENOMEM;
	return rc == ARGON2_OK ? 0 : -EINVAL;
}

static bool is_argon2(const struct kdf *kdf)
{
	return !strcmp(kdf->type, "argon2i") || !strcmp(kdf->type, "argon2id");
}

/* Estimate the derivation's time in seconds from a short run. */
static double estimate(const struct kdf *kdf, size_t len)
{
	uint8_t key[CRYPT_KEY_MAX];
	double start = now(), times;

	if (is_argon2(kdf)) {
		uint32_t memory = kdf->memory < TRIAL_MEMORY ? kdf->memory : TRIAL_MEMORY;

		argon2(kdf, 1, memory, "", 0, key, len);
		times = (double)kdf->iterations * kdf->memory / memory;
	} else {
		uint32_t trial = kdf->iterations < TRIAL_ITERATIONS ? kdf->iterations :
								      TRIAL_ITERATIONS;

		pbkdf2(kdf, trial, "", 0, key, len);
		times = (double)kdf->iterations / trial;
	}
	return (now() - start) * times;
}

static int check_limits(const struct attempt *a, const struct kdf *kdf)
{
	uint64_t limit = a->rq->kdf_memory ? a->rq->kdf_memory : MEMORY_DEFAULT;

	if (!kdf->iterations || !kdf->salt_len)
		return crypt_error(a, -EUCLEAN, "the key derivation has no iterations or no salt");
	if (!is_argon2(kdf)) {
		if (strcmp(kdf->type, "pbkdf2"))
			return crypt_error(a, -EOPNOTSUPP, "key derivation \"%s\" is not supported",
					   kdf->type);
		if (!digest_algo(kdf->hash))
			return crypt_error(a, -EOPNOTSUPP, "the hash \"%s\" is not known",
					   kdf->hash);
		return 0;
	}
	if (!kdf->lanes || kdf->lanes > LANES_MAX || kdf->memory < 8 * kdf->lanes)
		return crypt_error(a, -EUCLEAN, "its key derivation has impossible parameters");
	if (kdf->memory > limit)
		return crypt_error(a, -E2BIG, "its key derivation needs %u MiB of memory, more than the limit of %llu MiB (--kdf-memory)",
				   kdf->memory >> 10, (unsigned long long)limit >> 10);
	return 0;
}

int kdf_derive(const struct attempt *a, const struct kdf *kdf, const void *secret,
	       size_t secret_len, uint8_t *key, size_t len)
{
	unsigned int limit = a->rq->kdf_seconds ? a->rq->kdf_seconds : SECONDS_DEFAULT;
	double seconds;
	int rc = check_limits(a, kdf);

	if (rc)
		return rc;
	seconds = estimate(kdf, len);
	if (seconds > limit)
		return crypt_error(a, -E2BIG, "its key derivation takes about %.0f s, more than the limit of %u s (--kdf-seconds)",
				   seconds, limit);
	rc = is_argon2(kdf) ?
		argon2(kdf, kdf->iterations, kdf->memory, secret, secret_len, key, len) :
		pbkdf2(kdf, kdf->iterations, secret, secret_len, key, len);
	if (rc == -ENOMEM)
		return crypt_error(a, rc, "out of memory: the key derivation needs %u MiB",
				   kdf->memory >> 10);
	return rc ? crypt_error(a, rc, "its key derivation has impossible parameters") : 0;
}
