// SPDX-License-Identifier: GPL-2.0
/*
 * source-date.c - the time that SOURCE_DATE_EPOCH gives to reproducible output
 */
#include <stdlib.h>
#include "messages.h"
#include "source-date.h"

int source_date(struct tool *t, uint64_t *seconds)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end;

	if (!epoch)
		return 0;
	*seconds = strtoull(epoch, &end, 10);
	if (*epoch >= '0' && *epoch <= '9' && !*end && *seconds <= UINT32_MAX)
		return 1;
	tool_error(t, "SOURCE_DATE_EPOCH=%s: give seconds since 1970, up to %u", epoch, UINT32_MAX);
	return -1;
}
