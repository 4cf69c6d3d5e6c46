/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lvm-config.h - the text format in which LVM2 stores a volume group
 *
 *	section { key = "text"  other = 12  list = ["a", 3]  inner { ... } }
 *
 * Pure text: no I/O, no kernel.  The text is untrusted: its depth and the
 * number of its values are limited.
 */
#ifndef ANYFS_IMAGE_LVM_CONFIG_H
#define ANYFS_IMAGE_LVM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lvm_type { LVM_SECTION, LVM_LIST, LVM_TEXT, LVM_NUMBER };

/* A named value of a section, or a value of a list (name "" there). */
struct lvm_value {
	enum lvm_type type;
	const char *name;
	const char *text;		/* LVM_TEXT */
	int64_t number;			/* LVM_NUMBER */
	struct lvm_value *child;	/* first of a section or list, in order */
	struct lvm_value *next;
};

struct lvm_config;

/*
 * Parse @len bytes at @text, which need no NUL at the end and are copied.
 * -EINVAL: not this format (@line gets the number of the line, from 1 on),
 * -E2BIG: deeper or larger than any real one, -ENOMEM.
 */
int lvm_config_parse(const char *text, size_t len, struct lvm_config **config,
		     unsigned int *line);
/* Free @config with all its values.  NULL is fine. */
void lvm_config_free(struct lvm_config *config);

/* The section of the whole text; its values live as long as @config. */
const struct lvm_value *lvm_config_root(const struct lvm_config *config);

/* The value @name of section @s with type @type, or NULL. */
const struct lvm_value *lvm_find(const struct lvm_value *s, const char *name,
				 enum lvm_type type);
/* The text @name of section @s, or @otherwise. */
const char *lvm_text(const struct lvm_value *s, const char *name, const char *otherwise);
/* The number @name of section @s; -1 if there is none or it is negative. */
int64_t lvm_number(const struct lvm_value *s, const char *name);
/* True if the list @name of section @s holds @text. */
bool lvm_list_has(const struct lvm_value *s, const char *name, const char *text);

#endif /* ANYFS_IMAGE_LVM_CONFIG_H */
