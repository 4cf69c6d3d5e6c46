/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fattr.h - values of extended attributes as text
 */
#ifndef ANYFS_FATTR_H
#define ANYFS_FATTR_H

#include <stddef.h>

/*
 * Decode text, "text" in quotes, 0x and hexadecimal digits, or 0s and base64.  Returns
 * *@len bytes, which the caller frees, or NULL if @text is not valid.
 */
char *fattr_decode(const char *text, size_t *len);
enum fattr_encoding { FATTR_AUTO, FATTR_TEXT, FATTR_HEX, FATTR_BASE64 };
/* Print in the form that fattr_decode() reads; FATTR_AUTO: as text, or else as base64. */
void fattr_print(const void *value, size_t len, enum fattr_encoding encoding);

#endif /* ANYFS_FATTR_H */
