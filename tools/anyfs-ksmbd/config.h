/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - options and shares from a file in the format of smb.conf
 */
#ifndef ANYFS_KSMBD_CONFIG_H
#define ANYFS_KSMBD_CONFIG_H

#include "ksmbd.h"

/*
 * Take the shares and options of the file @path, in the format of smb.conf(5).  An unknown key is
 * reported in a note; if it would restrict access, it ends the program, as errors do.
 */
void config_read(struct ksmbd *k, const char *path);

#endif /* ANYFS_KSMBD_CONFIG_H */
