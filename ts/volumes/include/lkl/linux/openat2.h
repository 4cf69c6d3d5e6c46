/* SPDX-License-Identifier: GPL-2.0 */
/*
 * openat2.h - the argument of openat2(2), with the name of the generated header
 */
#include </usr/include/linux/openat2.h>

#define lkl_open_how	open_how
