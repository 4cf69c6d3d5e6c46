/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt-module.h - loading anyfs/crypt.so
 */
#ifndef ANYFS_IMAGE_CRYPT_MODULE_H
#define ANYFS_IMAGE_CRYPT_MODULE_H

#include "crypt.h"

/* Load the module if it is not loaded yet.  0, or -ENOENT or -ENOEXEC with error text. */
int crypt_module_load(void);
/* The module, after crypt_module_load() has returned 0. */
const struct crypt_module *crypt_module_get(void);

#endif /* ANYFS_IMAGE_CRYPT_MODULE_H */
