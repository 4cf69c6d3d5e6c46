/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nbd-protocol.h - the numbers of the NBD protocol, as far as anyfs speaks it
 *
 * Specification: "The NBD protocol", doc/proto.md of the NBD project.  All
 * numbers on the wire are big-endian.  Used by the client in lib/block and by
 * the programs in tools/sources.
 *
 * There is one addition of our own: a program whose cache is in memory that it shares with the
 * library does not send the data of a READ, but says where they are (NBD_CHUNK_MEMORY), and keeps
 * them there until the library has copied them (NBD_CMD_RELEASE).
 */
#ifndef ANYFS_NBD_PROTOCOL_H
#define ANYFS_NBD_PROTOCOL_H

#include <stdint.h>
#include "bytes.h"

#define NBD_MAGIC		0x4e42444d41474943ull	/* "NBDMAGIC" */
#define NBD_OPTION_MAGIC	0x49484156454f5054ull	/* "IHAVEOPT" */
#define NBD_OPTION_REPLY_MAGIC	0x0003e889045565a9ull
#define NBD_REQUEST_MAGIC	0x25609513u
#define NBD_SIMPLE_REPLY_MAGIC	0x67446698u
#define NBD_CHUNK_MAGIC		0x668e33efu

/* Handshake flags of server and client. */
#define NBD_FIXED_NEWSTYLE	(1u << 0)
#define NBD_NO_ZEROES		(1u << 1)

#define NBD_OPT_ABORT		2u
#define NBD_OPT_GO		7u
#define NBD_OPT_STRUCTURED_REPLY	8u
#define NBD_OPT_SET_META_CONTEXT	10u

#define NBD_REP_ACK		1u
#define NBD_REP_INFO		3u
#define NBD_REP_META_CONTEXT	4u
#define NBD_REP_FLAG_ERROR	(1u << 31)
#define NBD_REP_ERR_UNSUP	(NBD_REP_FLAG_ERROR | 1)

#define NBD_INFO_EXPORT		0u
#define NBD_INFO_BLOCK_SIZE	3u

/* Transmission flags. */
#define NBD_HAS_FLAGS		(1u << 0)
#define NBD_READ_ONLY		(1u << 1)
#define NBD_SEND_FLUSH		(1u << 2)
#define NBD_SEND_FUA		(1u << 3)
#define NBD_SEND_TRIM		(1u << 5)
#define NBD_SEND_WRITE_ZEROES	(1u << 6)
#define NBD_SEND_CACHE		(1u << 10)

#define NBD_CMD_READ		0u
#define NBD_CMD_WRITE		1u
#define NBD_CMD_DISC		2u
#define NBD_CMD_FLUSH		3u
#define NBD_CMD_TRIM		4u
#define NBD_CMD_CACHE		5u
#define NBD_CMD_WRITE_ZEROES	6u
#define NBD_CMD_BLOCK_STATUS	7u

/* Offset: the token of a chunk of type NBD_CHUNK_MEMORY.  There is no reply. */
#define NBD_CMD_RELEASE		0x4000u

#define NBD_CMD_FLAG_FUA	(1u << 0)
#define NBD_CMD_FLAG_NO_HOLE	(1u << 1)

#define NBD_CHUNK_DONE		(1u << 0)	/* flag of a chunk: the last one */

#define NBD_CHUNK_NONE		0u
#define NBD_CHUNK_OFFSET_DATA	1u
#define NBD_CHUNK_OFFSET_HOLE	2u
#define NBD_CHUNK_BLOCK_STATUS	5u
/*
 * 64 bits each: a token, and the offset of the data in the image; then for each range of them its
 * offset in the shared memory, 64 bits, and its length, 32 bits.
 */
#define NBD_CHUNK_MEMORY	0x4000u
#define NBD_CHUNK_IS_ERROR	(1u << 15)
#define NBD_CHUNK_ERROR		(NBD_CHUNK_IS_ERROR | 1)

/* States of the context "base:allocation". */
#define NBD_STATE_HOLE		(1u << 0)
#define NBD_STATE_ZERO		(1u << 1)

#define NBD_REQUEST_BYTES	28u	/* magic, flags, type, cookie, offset, length */
#define NBD_SIMPLE_REPLY_BYTES	16u	/* magic, error, cookie */
#define NBD_CHUNK_BYTES		20u	/* magic, flags, type, cookie, length */
#define NBD_MEMORY_HEAD		16u	/* bytes of a chunk of type NBD_CHUNK_MEMORY */
#define NBD_MEMORY_RANGE	12u	/* the same of each range */
#define NBD_MEMORY_RANGES	32u	/* the most in a chunk */

/* The shared memory: bytes, at least and by default. */
#define NBD_MEMORY_LEAST	(8u << 20)
#define NBD_MEMORY_DEFAULT	(32u << 20)

static inline uint8_t *nbd_put16(uint8_t *p, uint16_t v)
{
	*p++ = v >> 8;
	*p++ = v;
	return p;
}

static inline uint8_t *nbd_put32(uint8_t *p, uint32_t v)
{
	return nbd_put16(nbd_put16(p, v >> 16), v);
}

static inline uint8_t *nbd_put64(uint8_t *p, uint64_t v)
{
	return nbd_put32(nbd_put32(p, v >> 32), v);
}

#endif /* ANYFS_NBD_PROTOCOL_H */
