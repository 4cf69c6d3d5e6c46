/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ioctl.h - encoding of ioctl numbers
 */
#include </usr/include/linux/ioctl.h>
