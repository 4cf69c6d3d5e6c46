// SPDX-License-Identifier: GPL-2.0
/*
 * oci-platform.c - the option --platform of anyfs oci-in and oci-out
 */
#include <string.h>
#include "oci-platform.h"
#include "options.h"

const char *oci_check_platform(struct tool *t, const char *text)
{
	const char *slash = strchr(text, '/');

	if (!slash || slash == text || !slash[1] || slash[1] == '/')
		tool_usage(t, "--platform %s: give an operating system and an architecture, such as linux/arm64",
			   text);
	return text;
}
