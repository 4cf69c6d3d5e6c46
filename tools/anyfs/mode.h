/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mode.h - apply the modes of chmod(1)
 */
#ifndef ANYFS_MODE_H
#define ANYFS_MODE_H

#include <stdbool.h>

/*
 * Set *@mode to @old changed by @spec, a mode of chmod(1): octal digits, or
 * symbolic such as u+rwX,go-w, with a umask of 022.  False if @spec is not valid.
 */
bool mode_apply(const char *spec, unsigned int old, bool is_dir, unsigned int *mode);

#endif /* ANYFS_MODE_H */
