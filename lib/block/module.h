/* SPDX-License-Identifier: GPL-2.0 */
/*
 * module.h - load a shared object that is installed beside the kernel object
 */
#ifndef ANYFS_BLOCK_MODULE_H
#define ANYFS_BLOCK_MODULE_H

/*
 * Load @file ("crypt.so") and find its export @symbol, which begins with the version of the
 * interface, an unsigned int that must be @version.  *@export stays valid: modules are
 * never unloaded.  0, or -ENOENT, -ENOEXEC or -ENAMETOOLONG with error_set().
 */
int module_load(const char *file, const char *symbol, unsigned int version,
		     const void **export);

#endif /* ANYFS_BLOCK_MODULE_H */
