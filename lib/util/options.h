/* SPDX-License-Identifier: GPL-2.0 */
/*
 * options.h - read an option struct of the public interface, which can grow
 *
 * Each such struct begins with struct_size, which the program sets to the size of the
 * struct that it was compiled with.  The library copies the members that both versions have.
 * Members that the program does not have become zero, the default.  Members that this library
 * does not have must be zero, since a setting must not be ignored silently.
 */
#ifndef ANYFS_UTIL_OPTIONS_H
#define ANYFS_UTIL_OPTIONS_H

#include <stddef.h>

/*
 * Copy the struct @from (NULL: all defaults) to @to, of @size bytes.  The first version of
 * the struct has @first bytes; a struct_size of 0 means that version.  -EINVAL if
 * struct_size is smaller; -E2BIG if @from sets members beyond @size.  @name: for messages.
 */
int options_read(void *to, size_t size, size_t first, const void *from, const char *name);

/* options_read() for a struct @type whose first version ended with the member @last. */
#define OPTIONS_READ(type, last, to, from) \
	options_read(to, sizeof(struct type), \
		     offsetof(struct type, last) + sizeof(((struct type *)0)->last), \
		     1 ? (from) : (const struct type *)0, #type)

#endif /* ANYFS_UTIL_OPTIONS_H */
