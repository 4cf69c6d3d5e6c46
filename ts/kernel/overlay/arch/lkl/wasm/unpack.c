// SPDX-License-Identifier: GPL-2.0
/*
 * unpack.c - the decoders of deflate and zstd for image formats, outside of the kernel
 *
 * build.sh links this object with the decoders into unpack.o, which becomes a part of
 * formats.wasm (ts/formats).  Of the kernel it may only call memcpy() and the like.
 */
#include <linux/errno.h>
#include <linux/zlib.h>
#include <linux/zstd.h>
#include <asm/unpack.h>

unsigned long lkl_unpack_workspace(int zstd)
{
	return zstd ? zstd_dctx_workspace_bound() : zlib_inflate_workspacesize();
}

/* Raw deflate with a negative @window, zlib otherwise; fills @dst, or fails. */
int lkl_unpack_deflate(void *workspace, int window, const void *src, unsigned long len, void *dst,
		       unsigned long dst_len)
{
	z_stream s = {
		.next_in = src, .avail_in = len, .next_out = dst, .avail_out = dst_len,
		.workspace = workspace,
	};
	int rc;

	if (zlib_inflateInit2(&s, window) != Z_OK)
		return -EINVAL;
	rc = zlib_inflate(&s, Z_SYNC_FLUSH);
	/* Z_BUF_ERROR: the output is full, and there may be more. */
	return (rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR) && !s.avail_out ? 0 : -EIO;
}

int lkl_unpack_zstd(void *workspace, const void *src, unsigned long len, void *dst,
		    unsigned long dst_len)
{
	zstd_dctx *dctx = zstd_init_dctx(workspace, zstd_dctx_workspace_bound());
	size_t frame = zstd_find_frame_compressed_size(src, len), got;

	if (!dctx || zstd_is_error(frame))
		return -EIO;
	/* Other bytes may follow the frame. */
	got = zstd_decompress_dctx(dctx, dst, dst_len, src, frame);
	return zstd_is_error(got) || got != dst_len ? -EIO : 0;
}
