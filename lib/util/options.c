// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - copy an option struct of any version, see options.h
 */
#include <errno.h>
#include <string.h>
#include "error.h"
#include "options.h"

int options_read(void *to, size_t size, size_t first, const void *from, const char *name)
{
	const unsigned char *bytes = from;
	size_t given;

	memset(to, 0, size);
	if (!from)
		return 0;
	memcpy(&given, from, sizeof(given));
	if (!given)
		given = first;
	if (given < first)
		return error_set(-EINVAL, "struct %s: struct_size is %zu, less than the %zu bytes of any version; set it to sizeof(struct %s)",
				 name, given, first, name);
	for (size_t i = size; i < given; i++)
		if (bytes[i])
			return error_set(-E2BIG, "struct %s: sets options that this version of the library does not have; the program needs the version that it was compiled for",
					 name);
	memcpy(to, from, given < size ? given : size);
	return 0;
}
