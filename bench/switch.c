// SPDX-License-Identifier: GPL-2.0
/*
 * switch.c - time of a switch between two kernel threads by schedule()
 *
 * The library's kernel measures this time when it boots with switch_bench=N, and logs it.
 */
#include <string.h>
#include "bench.h"

static char text[65536];
static size_t text_len;

static void keep(void *data, const char *s, size_t len)
{
	if (len > sizeof(text) - 1 - text_len)
		len = sizeof(text) - 1 - text_len;
	memcpy(text + text_len, s, len);
	text_len += len;
}

int main(void)
{
	AnyfsKernelOpts opts = {
		.mem_mb = 64, .loglevel = 8, .cmdline = "switch_bench=200000", .print = keep,
	};
	const char *found;
	double ns;

	NEED(anyfs_kernel_init(&opts) == 0);
	found = strstr(text, "switch_bench: ");
	NEED(found && sscanf(found, "switch_bench: %lf ps", &ns) == 1);
	printf("%.1f\n", ns / 1000);
	return anyfs_kernel_halt() != 0;
}
