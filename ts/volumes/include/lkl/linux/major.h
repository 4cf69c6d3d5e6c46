/* SPDX-License-Identifier: GPL-2.0 */
/*
 * major.h - major numbers of devices, with the names of the generated header
 */
#define LKL_MD_MAJOR	9
