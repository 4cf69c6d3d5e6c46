// SPDX-License-Identifier: GPL-2.0
/*
 * own-program.c - find the other programs of this installation
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "own-program.h"
#include "run.h"

char *own_program(struct tool *t, const char *program)
{
	char self[PATH_MAX], *path, *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));

	if (n <= 0 || n == sizeof(self)) {
		tool_error(t, "%s: not found, because the path of this program is unknown: is /proc mounted?",
			   program);
		tool_finish(t);
	}
	self[n] = '\0';
	for (int i = 0; i < 2; i++) {
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	if (asprintf(&path, "%s/%s", self, program) < 0)
		tool_no_memory(t);
	return path;
}
