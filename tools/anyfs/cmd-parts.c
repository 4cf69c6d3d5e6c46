// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-parts.c - anyfs parts: list the partitions of an image
 */
#include "parts-table.h"

const struct verb verb_parts = {
	.name = "parts",
	.args = "[-b] [--tree | --json] IMAGE",
	.summary = PARTS_SUMMARY,
	.operands = "",
	.help = PARTS_HELP,
	.has_json_object = true,
	.never_asks = true,
	.run = parts_run,
};
