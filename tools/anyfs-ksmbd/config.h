/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - options and shares from a file in the format of smb.conf
 */
#ifndef ANYFS_KSMBD_CONFIG_H
#define ANYFS_KSMBD_CONFIG_H

#include "ksmbd.h"

/*
 * Take the shares and options of the file @path, in the format of smb.conf(5).  A key that this
 * server does not have is named in a note; one that would restrict access ends the program,
 * as do errors.
 */
void config_read(struct ksmbd *k, const char *path);

#endif /* ANYFS_KSMBD_CONFIG_H */
