// SPDX-License-Identifier: GPL-2.0
/*
 * codec.c - decompression by zlib and libzstd, and by codecs.so, loaded on demand
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include "codec.h"
#include "codecs.h"
#include "dmg.h"
#include "error.h"
#include "format.h"
#include "module.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The libraries are loaded when an image first needs them, and never unloaded. */
static struct {
	void *library;
	__typeof__(inflateInit2_) *init;
	__typeof__(inflate) *inflate;
	__typeof__(inflateEnd) *end;
} zlib;

static struct {
	void *library;
	__typeof__(ZSTD_createDCtx) *create;
	__typeof__(ZSTD_decompressStream) *decompress;
	__typeof__(ZSTD_isError) *is_error;
	__typeof__(ZSTD_freeDCtx) *free;
} zstd;

static const struct codecs_module *module;

static void *load(const char *library, const char *const *names, void **const *functions)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (int i = 0; handle && names[i]; i++) {
		*functions[i] = dlsym(handle, names[i]);
		if (!*functions[i])
			return NULL;
	}
	return handle;
}

static int load_zlib(const char *name)
{
	static const char *const names[] = { "inflateInit2_", "inflate", "inflateEnd", NULL };
	void **const functions[] = {
		(void **)&zlib.init, (void **)&zlib.inflate, (void **)&zlib.end,
	};

	if (!zlib.library)
		zlib.library = load("libz.so.1", names, functions);
	if (!zlib.library)
		return error_set(-ENOPKG, "%s: is compressed with zlib, which is missing: install zlib1g",
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
		zstd.library = load("libzstd.so.1", names, functions);
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
		err = load_zlib(name);
	if (!err && (codecs & FORMAT_ZSTD))
		err = load_zstd(name);
	if (!err && (codecs & FORMAT_STREAMS))
		err = load_module();
	pthread_mutex_unlock(&lock);
	return err;
}

static int unpack_zlib(int window, const void *src, size_t len, void *dst, size_t dst_len)
{
	z_stream s = {
		.next_in = (Bytef *)src, .avail_in = len, .next_out = dst, .avail_out = dst_len,
	};
	int rc;

	if (!zlib.library)
		return -ENOPKG;
	if (zlib.init(&s, window, ZLIB_VERSION, sizeof(s)) != Z_OK)
		return -ENOMEM;
	rc = zlib.inflate(&s, Z_FINISH);
	zlib.end(&s);
	/* Z_BUF_ERROR: the output is full, and there may be more. */
	return (rc == Z_STREAM_END || rc == Z_BUF_ERROR) && !s.avail_out ? 0 : -EIO;
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
		return unpack_zlib(-15, src, len, dst, dst_len);
	case CODEC_ZLIB:
		return unpack_zlib(15, src, len, dst, dst_len);
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
