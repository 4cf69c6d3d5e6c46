/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host_ops.h - where programs for the Linux Kernel Library look for the host operations
 */
#ifndef LKL_ASM_HOST_OPS_H
#define LKL_ASM_HOST_OPS_H

#include <lkl_host.h>

#endif /* LKL_ASM_HOST_OPS_H */
