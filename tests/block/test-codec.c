// SPDX-License-Identifier: GPL-2.0
/* Units in deflate and zlib unpack to the wanted length, or fail. */
#include <errno.h>
#include <string.h>
#include "codec.h"
#include "contract.h"
#include "format.h"

#define DATA	1000u

/* One stored block of @len bytes of 'x' at @dst; returns its length. */
static size_t pack_deflate(uint8_t *dst, uint16_t len)
{
	dst[0] = 1;
	dst[1] = len;
	dst[2] = len >> 8;
	dst[3] = ~len;
	dst[4] = (uint16_t)~len >> 8;
	memset(dst + 5, 'x', len);
	return 5 + len;
}

static size_t pack_zlib(uint8_t *dst, uint16_t len)
{
	size_t end = 2 + pack_deflate(dst + 2, len);
	uint32_t a = 1, b = 0;

	for (uint16_t i = 0; i < len; i++) {
		a = (a + 'x') % 65521;
		b = (b + a) % 65521;
	}
	memcpy(dst, "\x78\x01", 2);
	memcpy(dst + end, (uint8_t[]){ b >> 8, b, a >> 8, a }, 4);
	return end + 4;
}

static size_t pack(enum codec codec, uint8_t *dst)
{
	return codec == CODEC_ZLIB ? pack_zlib(dst, DATA) : pack_deflate(dst, DATA);
}

static void check(enum codec codec)
{
	uint8_t packed[DATA + 100] = { 0 }, data[DATA + 1];
	size_t len = pack(codec, packed);

	assert_int_equal(codec_unpack(codec, packed, len, data, DATA), 0);
	assert_true(data[0] == 'x' && !memcmp(data, data + 1, DATA - 1));
	/* Only the sector in which a unit ends may be known. */
	assert_int_equal(codec_unpack(codec, packed, sizeof(packed), data, DATA), 0);
	/* The last unit of a disk may be as long as the others. */
	memset(data, 0, sizeof(data));
	assert_int_equal(codec_unpack(codec, packed, len, data, DATA / 2), 0);
	assert_true(data[DATA / 2 - 1] == 'x' && !data[DATA / 2]);
	assert_int_equal(codec_unpack(codec, packed, len, data, DATA + 1), -EIO);
	assert_int_equal(codec_unpack(codec, packed, len / 2, data, DATA), -EIO);
	assert_int_equal(codec_unpack(codec, packed, len / 2, data, DATA / 4), -EIO);
	packed[codec == CODEC_ZLIB ? 3 : 1]++;
	assert_int_equal(codec_unpack(codec, packed, len, data, DATA), -EIO);
}

static void deflate_units_unpack(void **state)
{
	check(CODEC_DEFLATE);
}

static void zlib_units_unpack(void **state)
{
	check(CODEC_ZLIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deflate_units_unpack),
		cmocka_unit_test(zlib_units_unpack),
	};

	if (codec_load(FORMAT_ZLIB, "test") < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
