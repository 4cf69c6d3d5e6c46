/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pager.h - show long text on a terminal with the user's pager
 */
#ifndef ANYFS_PAGER_H
#define ANYFS_PAGER_H

/*
 * Print @text on standard output.  If that is a terminal with fewer lines, $PAGER shows it, or
 * less(1) if the variable is not set; an empty $PAGER means none.
 */
void pager_print(const char *text);

#endif /* ANYFS_PAGER_H */
