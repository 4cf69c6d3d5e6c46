/* SPDX-License-Identifier: GPL-2.0 */
/*
 * label.h - labels and UUIDs of file systems
 */
#ifndef ANYFS_LABEL_H
#define ANYFS_LABEL_H

#include "volume.h"

#define UUID_DIGITS	32

/* A label or UUID to be set. */
struct label_change {
	bool is_uuid;
	const char *label;
	char digits[UUID_DIGITS + 1];	/* of the UUID, hexadecimal, lower case */
	bool random;			/* use as many of the digits as the type has */
	struct volume_program program;	/* with the value among its arguments */
	char argument[64];		/* the UUID in the form that the program takes */
};

enum label_step {
	LABEL_PREPARE,			/* check and repair the file system */
	LABEL_CHANGE,
};

/* label-programs.c */

/*
 * The longest label, in bytes, that the kernel can set on a file system of the type @fstype;
 * 0: the kernel cannot set it, so a program has to.
 */
size_t label_kernel_max(const char *fstype);
/* The number of hexadecimal digits of a UUID of @fstype; 0: no program can set it. */
unsigned int label_uuid_digits(const char *fstype);
/* Write the new UUID to @text, which has 40 bytes, in the form that anyfs parts shows. */
void label_uuid_text(const struct label_change *ch, const char *fstype, char *text);
/* The program of a step of the change @data, a struct label_change: a volume_program_fn. */
const struct volume_program *label_program(void *data, const char *fstype, unsigned int step);

#endif /* ANYFS_LABEL_H */
