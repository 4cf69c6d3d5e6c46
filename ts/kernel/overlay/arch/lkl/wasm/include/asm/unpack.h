/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_WASM_UNPACK_H
#define _ASM_WASM_UNPACK_H

/* The functions of wasm/unpack.c; this is the size of their workspace in bytes. */
unsigned long lkl_unpack_workspace(int zstd);
int lkl_unpack_deflate(void *workspace, int window, const void *src, unsigned long len, void *dst,
		       unsigned long dst_len);
int lkl_unpack_zstd(void *workspace, const void *src, unsigned long len, void *dst,
		    unsigned long dst_len);

#endif
