// SPDX-License-Identifier: GPL-2.0
/*
 * codec.c - decompression by libdeflate and libzstd, and by codecs.so, loaded on demand
 *
 * libdeflate needs half the time of zlib, but unpacks whole units only.  So files that are
 * compressed as a whole are left to zlib, in codecs.so.
 */
#include <dlfcn.h>
#include <errno.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include "codec.h"
#include "codecs.h"
#include "dmg.h"
#include "error.h"
#include "format.h"
#include "mapped.h"
#include "module.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The libraries are loaded when an image first needs them, and never unloaded. */
static struct {
	void *library;
	__typeof__(libdeflate_alloc_decompressor) *create;
	__typeof__(libdeflate_deflate_decompress_ex) *raw, *with_header;
	__typeof__(libdeflate_free_decompressor) *free;
} deflate;

static struct {
	void *library;
	__typeof__(ZSTD_createDCtx) *create;
	__typeof__(ZSTD_decompressStream) *decompress;
	__typeof__(ZSTD_isError) *is_error;
	__typeof__(ZSTD_freeDCtx) *free;
} zstd;

static const struct codecs_module *module;

static void *load_library(const char *library, const char *const *names, void **const *functions)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (int i = 0; handle && names[i]; i++) {
		*functions[i] = dlsym(handle, names[i]);
		if (!*functions[i])
			return NULL;
	}
	return handle;
}

static int load_deflate(const char *name)
{
	static const char *const names[] = {
		"libdeflate_alloc_decompressor", "libdeflate_deflate_decompress_ex",
		"libdeflate_zlib_decompress_ex", "libdeflate_free_decompressor", NULL,
	};
	void **const functions[] = {
		(void **)&deflate.create, (void **)&deflate.raw, (void **)&deflate.with_header,
		(void **)&deflate.free,
	};

	if (!deflate.library)
		deflate.library = load_library("libdeflate.so.0", names, functions);
	if (!deflate.library)
		return error_set(-ENOPKG,
				 "%s: is compressed with zlib, for which libdeflate is missing: install libdeflate0",
				 name);
	return 0;
}

static int load_zstd(const char *name)
{
	static const char *const names[] = {
		"ZSTD_createDCtx", "ZSTD_decompressStream", "ZSTD_isError", "ZSTD_freeDCtx", NULL,
	};
	void **const functions[] = {
		(void **)&zstd.create, (void **)&zstd.decompress, (void **)&zstd.is_error,
		(void **)&zstd.free,
	};

	if (!zstd.library)
		zstd.library = load_library("libzstd.so.1", names, functions);
	if (!zstd.library)
		return error_set(-ENOPKG, "%s: is compressed with zstd, which is missing: install libzstd1",
				 name);
	return 0;
}

static int load_module(void)
{
	const void *loaded;
	int err = module ? 0 : module_load("codecs.so", "codecs_module",
						CODECS_MODULE_VERSION, &loaded);

	if (!module && !err)
		module = loaded;
	return err;
}

const struct codecs_module *codec_module(void)
{
	return module;
}

int codec_load(unsigned int codecs, const char *name)
{
	int err = 0;

	pthread_mutex_lock(&lock);
	if (codecs & FORMAT_ZLIB)
		err = load_deflate(name);
	if (!err && (codecs & FORMAT_ZSTD))
		err = load_zstd(name);
	if (!err && (codecs & FORMAT_STREAMS))
		err = load_module();
	pthread_mutex_unlock(&lock);
	return err;
}

/* Unpack @src, which has more than @dst_len bytes of data, and drop the rest. */
static int unpack_longer(__typeof__(libdeflate_deflate_decompress_ex) *unpack,
			 struct libdeflate_decompressor *d, const void *src, size_t len, void *dst,
			 size_t dst_len)
{
	void *all = malloc(UNIT_MAX);
	size_t out;
	int err = all ? 0 : -ENOMEM;

	if (!err && unpack(d, src, len, all, UNIT_MAX, NULL, &out) != LIBDEFLATE_SUCCESS)
		err = -EIO;
	if (!err)
		memcpy(dst, all, dst_len);
	free(all);
	return err;
}

static int unpack_deflate(__typeof__(libdeflate_deflate_decompress_ex) *unpack, const void *src,
			  size_t len, void *dst, size_t dst_len)
{
	struct libdeflate_decompressor *d = deflate.library ? deflate.create() : NULL;
	size_t out;
	int err = -EIO;

	if (!d)
		return deflate.library ? -ENOMEM : -ENOPKG;
	switch (unpack(d, src, len, dst, dst_len, NULL, &out)) {
	case LIBDEFLATE_SUCCESS:
		err = out == dst_len ? 0 : -EIO;
		break;
	case LIBDEFLATE_INSUFFICIENT_SPACE:
		/* The last unit of a disk may be longer than the rest of the disk. */
		err = unpack_longer(unpack, d, src, len, dst, dst_len);
		break;
	default:
		break;
	}
	deflate.free(d);
	return err;
}

static int unpack_zstd(const void *src, size_t len, void *dst, size_t dst_len)
{
	ZSTD_inBuffer in = { src, len, 0 };
	ZSTD_outBuffer out = { dst, dst_len, 0 };
	ZSTD_DCtx *ctx;
	size_t rc = 1;

	if (!zstd.library)
		return -ENOPKG;
	ctx = zstd.create();
	if (!ctx)
		return -ENOMEM;
	/* 0: a frame has ended; another may follow. */
	while (out.pos < out.size && in.pos < in.size && !zstd.is_error(rc)) {
		size_t before = in.pos + out.pos;

		rc = zstd.decompress(ctx, &out, &in);
		if (in.pos + out.pos == before)
			break;
	}
	zstd.free(ctx);
	return out.pos == out.size && !zstd.is_error(rc) ? 0 : -EIO;
}

/* Unpack with a decoder of codecs.so. */
static int unpack_stream(enum stream_kind kind, const void *src, size_t len, void *dst,
			 size_t dst_len)
{
	struct codec_buffers b = {
		.in = src, .in_len = len, .in_last = true, .out = dst, .out_len = dst_len,
	};
	struct codec_stream *stream;
	size_t before;
	int rc = 0;

	if (!module)
		return -ENOPKG;
	stream = module->open(kind, 0);
	if (!stream)
		return -ENOMEM;
	do {
		before = b.in_len + b.out_len;
		rc = module->run(stream, &b);
	} while (!rc && b.out_len && b.in_len + b.out_len < before);
	module->close(stream);
	return rc == -ENOMEM ? rc : rc < 0 || b.out_len ? -EIO : 0;
}

int codec_unpack(enum codec codec, const void *src, size_t len, void *dst, size_t dst_len)
{
	switch (codec) {
	case CODEC_DEFLATE:
		return unpack_deflate(deflate.raw, src, len, dst, dst_len);
	case CODEC_ZLIB:
		return unpack_deflate(deflate.with_header, src, len, dst, dst_len);
	case CODEC_ZSTD:
		return unpack_zstd(src, len, dst, dst_len);
	case CODEC_BZIP2:
		return unpack_stream(STREAM_BZIP2, src, len, dst, dst_len);
	case CODEC_XZ:
		return unpack_stream(STREAM_XZ, src, len, dst, dst_len);
	case CODEC_ADC:
		return adc_unpack(src, len, dst, dst_len);
	case CODEC_LZFSE:
		return lzfse_unpack(src, len, dst, dst_len);
	}
	return -EINVAL;
}
