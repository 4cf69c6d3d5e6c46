/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Programs for the Linux Kernel Library include this name. */
#include <syscalls.h>
