/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oci-platform.h - the option --platform of anyfs oci-in and oci-out
 */
#ifndef ANYFS_OCI_PLATFORM_H
#define ANYFS_OCI_PLATFORM_H

#include "tool.h"

#define OCI_PLATFORM	"linux/amd64"	/* the default */

/* Return @text; ends the program unless it is "os/architecture" or "os/architecture/variant". */
const char *oci_check_platform(struct tool *t, const char *text);

#endif /* ANYFS_OCI_PLATFORM_H */
