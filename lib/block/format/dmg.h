/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dmg.h - the property list and the compression methods of Apple's disk images
 */
#ifndef ANYFS_FORMAT_DMG_H
#define ANYFS_FORMAT_DMG_H

#include <stddef.h>
#include <stdint.h>

/* dmg-plist.c */

/*
 * Call @take for each table of chunks in the property list @text.  0; -EBADMSG: there are
 * none, or one is not base64; -ENOMEM; or the error of @take, which ends the search.
 */
int dmg_plist_tables(const char *text,
		     int (*take)(void *data, const uint8_t *table, size_t len), void *data);

/* adc.c, lzfse.c */

/* Decompress @src to exactly @dst_len bytes at @dst.  0, or -EIO: damaged; -ENOMEM. */
int adc_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t dst_len);
int lzfse_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t dst_len);

/* lzvn.c */

/*
 * Decompress a block of LZVN, @len bytes at @src, to exactly @raw_len bytes at @dst + @pos.  The
 * block may repeat bytes of @dst before @pos.  0 or -EIO.
 */
int lzvn_unpack(const uint8_t *src, size_t len, uint8_t *dst, size_t pos, size_t raw_len);

#endif /* ANYFS_FORMAT_DMG_H */
