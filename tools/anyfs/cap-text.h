/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cap-text.h - file capabilities: the attribute of the kernel, and the text of getcap(8)
 */
#ifndef ANYFS_CAP_TEXT_H
#define ANYFS_CAP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CAP_KEY			"security.capability"
#define CAP_VALUE_MAX		24	/* longest value of the attribute */

struct file_caps {
	uint64_t permitted, inheritable;
	bool effective;			/* one bit for all capabilities of the file */
	uint32_t root;			/* user id that is root in the user namespace, or 0 */
};

/* Decode the value of the attribute; false if it is not valid. */
bool caps_decode(const void *value, size_t len, struct file_caps *caps);
/* Encode into @value; returns the length. */
size_t caps_encode(const struct file_caps *caps, unsigned char value[CAP_VALUE_MAX]);
/* Print "cap_net_raw,cap_chown=ep", like getcap(8). */
void caps_print(FILE *out, const struct file_caps *caps);
/* Parse such a text, also with + and -.  Returns NULL, or the reason why it is not valid. */
const char *caps_parse(const char *text, struct file_caps *caps);

#endif /* ANYFS_CAP_TEXT_H */
