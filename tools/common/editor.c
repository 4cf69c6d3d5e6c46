// SPDX-License-Identifier: GPL-2.0
/*
 * editor.c - the user's editor
 */
#include <stdlib.h>
#include "editor.h"

const char *tool_editor(void)
{
	const char *editor = getenv("VISUAL");

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	return editor && *editor ? editor : "vi";
}
