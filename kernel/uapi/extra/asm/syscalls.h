/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Programs written for the Linux Kernel Library include this file. */
#include <syscalls.h>
