// SPDX-License-Identifier: GPL-2.0
/*
 * temp-dir.c - the directory for temporary files
 */
#include <stdio.h>
#include <stdlib.h>
#include "temp-dir.h"

const char *tool_temp_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : P_tmpdir;
}
