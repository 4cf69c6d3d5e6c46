/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt-map.h - map an unlocked volume with dm-crypt
 */
#ifndef ANYFS_IMAGE_CRYPT_MAP_H
#define ANYFS_IMAGE_CRYPT_MAP_H

#include "crypt.h"
#include "mapper.h"

#define CRYPT_LAYERS	(1 + CRYPT_OVER_MAX)

/* Mapped devices, each on top of the previous one; nr is 0 if there are none. */
struct crypt_map {
	struct mapper layers[CRYPT_LAYERS];
	unsigned int nr;
};

/*
 * Map the volume @v, which messages call @object, over the device @dev of @size bytes.
 * With @read_only, the journal of authentication tags is not replayed: see crypt-tags.h.
 * 0 or -errno with error text.
 */
int crypt_map(struct anyfs_kernel *k, const char *object, const struct crypt_volume *v,
	      uint64_t dev, uint64_t size, bool read_only, struct crypt_map *m);
/* Remove the devices of @m, the topmost first.  0 or the first -errno. */
int crypt_unmap(struct crypt_map *m);
/* Number of the topmost device, which has the decrypted bytes. */
uint64_t crypt_map_dev(const struct crypt_map *m);

/*
 * Make the parameters of a dm-crypt target, "CIPHER KEY IV-OFFSET DEVICE SECTOR [options]", or
 * "" for a segment of zeros.  Free them with crypt_free_params().  NULL: out of memory.
 */
char *crypt_params(const struct crypt_segment *s, const uint8_t *key, size_t key_len, uint64_t dev);
void crypt_free_params(char *params);

#endif /* ANYFS_IMAGE_CRYPT_MAP_H */
