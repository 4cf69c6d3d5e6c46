/* SPDX-License-Identifier: GPL-2.0 */
/*
 * editor.h - the user's editor
 */
#ifndef ANYFS_EDITOR_H
#define ANYFS_EDITOR_H

/*
 * $VISUAL, $EDITOR or "vi": a command for sh(1), which may contain options.  Not to be freed.
 */
const char *tool_editor(void);

#endif /* ANYFS_EDITOR_H */
