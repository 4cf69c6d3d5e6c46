// SPDX-License-Identifier: GPL-2.0
/*
 * codec.c - decompression for image formats, with the decoders of the kernel
 *
 * The decoders are compiled with the kernel (ts/kernel/overlay/arch/lkl/wasm/unpack.c).  This
 * module has no decoders for xz, bzip2 and whole compressed files.
 */
#include <errno.h>
#include <stdlib.h>
#include "codec.h"
#include "dmg.h"
#include "error.h"
#include "format.h"

/* Functions of unpack.c, declared here because the headers of the kernel are not used. */
unsigned long lkl_unpack_workspace(int zstd);
int lkl_unpack_deflate(void *workspace, int window, const void *src, unsigned long len, void *dst,
		       unsigned long dst_len);
int lkl_unpack_zstd(void *workspace, const void *src, unsigned long len, void *dst,
		    unsigned long dst_len);

int codec_load(unsigned int codecs, const char *name)
{
	if (codecs & FORMAT_STREAMS)
		return error_set(-ENOPKG, "%s: is compressed as a whole; decompress it first", name);
	return 0;
}

const struct codecs_module *codec_module(void)
{
	return NULL;
}

static int unpack(enum codec codec, const void *src, size_t len, void *dst, size_t dst_len)
{
	void *workspace = malloc(lkl_unpack_workspace(codec == CODEC_ZSTD));
	int err;

	if (!workspace)
		return -ENOMEM;
	if (codec == CODEC_ZSTD)
		err = lkl_unpack_zstd(workspace, src, len, dst, dst_len);
	else
		err = lkl_unpack_deflate(workspace, codec == CODEC_ZLIB ? 15 : -15, src, len, dst,
					 dst_len);
	free(workspace);
	return err ? -EIO : 0;
}

int codec_unpack(enum codec codec, const void *src, size_t len, void *dst, size_t dst_len)
{
	switch (codec) {
	case CODEC_DEFLATE:
	case CODEC_ZLIB:
	case CODEC_ZSTD:
		return unpack(codec, src, len, dst, dst_len);
	case CODEC_ADC:
		return adc_unpack(src, len, dst, dst_len);
	case CODEC_LZFSE:
		return lzfse_unpack(src, len, dst, dst_len);
	case CODEC_BZIP2:
	case CODEC_XZ:
		return -ENOPKG;
	}
	return -EINVAL;
}
