/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_WASM_UNPACK_H
#define _ASM_WASM_UNPACK_H

/* wasm/unpack.c; bytes for the workspace of the other two. */
unsigned long lkl_unpack_workspace(int zstd);
int lkl_unpack_deflate(void *workspace, int window, const void *src, unsigned long len, void *dst,
		       unsigned long dst_len);
int lkl_unpack_zstd(void *workspace, const void *src, unsigned long len, void *dst,
		    unsigned long dst_len);

#endif
