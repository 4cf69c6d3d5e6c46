// SPDX-License-Identifier: GPL-2.0
/*
 * vmdk-sparse.c - extents of VMDK disks that find their grains by two levels of tables
 *
 * Specification: VMware, "Virtual Disk Format 5.0", for the extents of hosted products
 * ("KDMV", compressed ones included) and those of ESX ("COWD").  For seSparse extents, which
 * it does not describe: block/vmdk.c of QEMU.  All numbers are little endian; most are in
 * sectors.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "vmdk.h"

#define SECTOR		512u
#define HEADER_BYTES	512u
#define MAGIC_HOSTED	0x564d444bu	/* "KDMV" */
#define MAGIC_ESX	0x44574f43u	/* "COWD" */
#define MAGIC_SESPARSE	0xcafebabeull
#define MAGIC_VOLATILE	0xcafecafeull
#define AT_END		0xffffffffffffffffull
#define FLAG_ZERO_GRAINS	(1u << 2)
#define FLAG_PACKED	(1u << 16)
#define FLAG_MARKERS	(1u << 17)
#define MARKER_BYTES	12u
#define ENTRIES		64u
#define MAX_SECTORS	(1ull << 41)

struct sparse {
	struct mapped m;
	struct blockdev *parent;	/* a reference, or NULL */
	uint64_t parent_offset;
	uint64_t capacity;		/* this and the next members are in bytes */
	uint64_t grain;
	uint64_t directory;		/* offset in the file */
	uint32_t per_table;		/* entries of a table */
	bool sesparse;			/* the format of ESXi 6.5, with 64-bit entries */
	bool zero_grains;		/* the entry 1 means a grain of zeros */
	bool packed;			/* grains may be compressed */
	bool markers;			/* a marker precedes each compressed grain */
	uint64_t tables, grains;	/* sesparse: offsets of the tables and grains in the file */
};

/* Where a grain is.  UNALLOCATED: not in this extent; read the parent, or zeros without one. */
enum status { UNALLOCATED, ZEROS, STORED, BAD };

/* ---- the tables -------------------------------------------------------------- */

/* Set *@table to the file offset of the table for @offset, or 0 if there is none. */
static int find_table(struct sparse *s, uint64_t offset, bool may_wait, uint64_t *table)
{
	uint64_t index = offset / s->grain / s->per_table, entry;
	uint32_t bytes = s->sesparse ? 8 : 4;
	uint8_t raw[8];
	int err = meta_read(&s->m, s->directory + index * bytes, raw, bytes, may_wait);

	*table = 0;
	if (err)
		return err;
	if (!s->sesparse) {
		*table = (uint64_t)get_le32(raw) * SECTOR;
		return 0;
	}
	entry = get_le64(raw);
	if (!entry)
		return 0;
	if (entry >> 32 != 0x10000000)
		return -EIO;
	*table = s->tables + (entry & 0xffffffff) * s->per_table * 8;
	return 0;
}

static enum status decode_sesparse(const struct sparse *s, uint64_t entry, uint64_t *host)
{
	uint64_t number = (entry & 0x0000ffffffffffffull) << 12 | (entry >> 48 & 0xfff);

	switch (entry >> 60) {
	case 0:
		return entry ? BAD : UNALLOCATED;
	case 1:
	case 2:
		return ZEROS;
	case 3:
		*host = s->grains + number * s->grain;
		return number < MAX_SECTORS / (s->grain / SECTOR) ? STORED : BAD;
	default:
		return BAD;
	}
}

/* Parse the entry at @raw; the grain begins at *@host of the file. */
static enum status decode(const struct sparse *s, const uint8_t *raw, uint64_t *host)
{
	uint32_t entry;

	*host = 0;
	if (s->sesparse)
		return decode_sesparse(s, get_le64(raw), host);
	entry = get_le32(raw);
	if (!entry)
		return UNALLOCATED;
	if (entry == 1 && s->zero_grains)
		return ZEROS;
	*host = (uint64_t)entry * SECTOR;
	return STORED;
}

/* @host: file offset of the grain; @next: that of the next grain, or 0 if unknown. */
static int map_packed(const struct sparse *s, uint64_t offset, uint64_t len, uint64_t host,
		      uint64_t next, struct run *run)
{
	uint64_t size = format_file_size(s->m.lower);
	uint64_t at = host + (s->markers ? MARKER_BYTES : 0), left;
	/* Deflate copies data that it cannot compress, and adds some bytes for each 16 KiB. */
	uint64_t bytes = s->grain + s->grain / 256 + 128;

	if (at >= size)
		return -EIO;
	if (next > at && next - at < bytes)
		bytes = next - at;
	if (bytes > size - at)
		bytes = size - at;
	run->kind = RUN_PACKED;
	run->from = s->m.lower;
	run->offset = at;
	run->packed_len = bytes;
	run->codec = CODEC_ZLIB;
	run->unit = offset / s->grain * s->grain;
	left = s->capacity - run->unit;
	run->unit_len = left < s->grain ? left : s->grain;
	left = run->unit + run->unit_len - offset;
	run->len = left < len ? left : len;
	return 0;
}

/* Fill in @run from the @nr entries at @raw, which describe the disk from @offset on. */
static int map_entries(const struct sparse *s, const uint8_t *raw, unsigned int nr,
		       uint64_t offset, uint64_t len, struct run *run)
{
	uint32_t bytes = s->sesparse ? 8 : 4;
	uint64_t within = offset % s->grain, host, next = 0;
	enum status status = decode(s, raw, &host);
	unsigned int i;

	if (status == BAD)
		return -EIO;
	if (status == STORED && s->packed) {
		if (nr > 1)
			decode(s, raw + bytes, &next);
		return map_packed(s, offset, len, host, next, run);
	}
	for (i = 1; i < nr; i++)
		if (decode(s, raw + i * bytes, &next) != status ||
		    (status == STORED && next != host + i * s->grain))
			break;
	run->len = i * s->grain - within < len ? i * s->grain - within : len;
	run->hole = false;
	run->kind = status == ZEROS ? RUN_ZERO : RUN_DATA;
	run->from = s->m.lower;
	run->offset = host + within;
	if (status == UNALLOCATED)
		run_inherit(run, s->parent, s->parent_offset + offset);
	return 0;
}

static int sparse_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		      struct run *run)
{
	struct sparse *s = (struct sparse *)m;
	uint32_t bytes = s->sesparse ? 8 : 4, index = offset / s->grain % s->per_table;
	uint64_t nr = (offset % s->grain + len + s->grain - 1) / s->grain;
	uint64_t span = s->grain * s->per_table;
	uint8_t raw[ENTRIES * 8];
	uint64_t table;
	int err = find_table(s, offset, may_wait, &table);

	if (err)
		return err;
	if (!table) {
		run->len = span - offset % span < len ? span - offset % span : len;
		run_inherit(run, s->parent, s->parent_offset + offset);
		return 0;
	}
	/* Read one more entry: a packed grain ends where the next one begins, or earlier. */
	nr += s->packed;
	if (nr > ENTRIES)
		nr = ENTRIES;
	if (nr > s->per_table - index)
		nr = s->per_table - index;
	err = meta_read(m, table + (uint64_t)index * bytes, raw, nr * bytes, may_wait);
	return err ? err : map_entries(s, raw, nr, offset, len, run);
}

static void sparse_close(struct mapped *m)
{
	blockdev_close(((struct sparse *)m)->parent);
}

static const struct mapped_ops sparse_ops = { .map = sparse_map, .close = sparse_close };

/* ---- the headers ------------------------------------------------------------- */

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VMDK header is damaged: %s", name, reason);
}

/* Checks that are common to all kinds; sizes are in sectors. */
static int set_geometry(struct sparse *s, const char *name, uint64_t file_size, uint64_t sectors,
			uint64_t grain, uint64_t directory)
{
	uint64_t entries;

	if (!sectors || sectors > MAX_SECTORS)
		return damaged(name, "the disk's size is invalid");
	if (!grain || grain > UNIT_MAX / SECTOR || grain & (grain - 1))
		return damaged(name, "the size of a grain is invalid");
	s->capacity = sectors * SECTOR;
	s->grain = grain * SECTOR;
	s->directory = directory * SECTOR;
	entries = (sectors + grain * s->per_table - 1) / (grain * s->per_table);
	if (directory > file_size / SECTOR ||
	    entries * (s->sesparse ? 8 : 4) > file_size - s->directory)
		return damaged(name, "its grain directory ends after the end of the file");
	return 0;
}

static int parse_hosted(const uint8_t *buf, uint64_t file_size, const char *name,
			struct sparse *s, struct vmdk_embedded *embedded)
{
	uint32_t version = get_le32(buf + 4), flags = get_le32(buf + 8);
	uint64_t at = get_le64(buf + 28), sectors = get_le64(buf + 36);

	if (version < 1 || version > 3)
		return error_set(-EOPNOTSUPP, "%s: version %u of VMDK is not supported; convert it with qemu-img convert",
				 name, version);
	s->zero_grains = flags & FLAG_ZERO_GRAINS;
	s->packed = flags & FLAG_PACKED;
	s->markers = flags & FLAG_MARKERS;
	if (s->packed && get_le16(buf + 77) != 1)
		return error_set(-EOPNOTSUPP, "%s: compression type %u of VMDK is not supported",
				 name, get_le16(buf + 77));
	s->per_table = get_le32(buf + 44);
	if (!s->per_table || s->per_table > 65536)
		return damaged(name, "the size of a grain table is invalid");
	if (at && sectors) {
		if (at > file_size / SECTOR || sectors > VMDK_DESCRIPTOR_MAX / SECTOR ||
		    sectors * SECTOR > file_size - at * SECTOR)
			return damaged(name, "its descriptor does not lie in the file");
		embedded->offset = at * SECTOR;
		embedded->len = sectors * SECTOR;
	}
	return set_geometry(s, name, file_size, get_le64(buf + 12), get_le64(buf + 20),
			    get_le64(buf + 56));
}

static int parse_esx(const uint8_t *buf, uint64_t file_size, const char *name, struct sparse *s)
{
	if (get_le32(buf + 4) != 1)
		return error_set(-EOPNOTSUPP, "%s: version %u of VMFS sparse extents is not supported",
				 name, get_le32(buf + 4));
	s->per_table = 4096;
	return set_geometry(s, name, file_size, get_le32(buf + 12), get_le32(buf + 16),
			    get_le32(buf + 20));
}

static int parse_sesparse(const uint8_t *buf, uint64_t file_size, const char *name,
			  struct sparse *s)
{
	uint64_t table = get_le64(buf + 32), tables = get_le64(buf + 144);
	uint64_t grains = get_le64(buf + 192);

	if (get_le64(buf + 8) != 0x200000001ull)
		return error_set(-EOPNOTSUPP, "%s: version %llx of seSparse is not supported", name,
				 (unsigned long long)get_le64(buf + 8));
	if (!table || table > 1024 || tables > MAX_SECTORS || grains > MAX_SECTORS)
		return damaged(name, "its tables are invalid");
	s->sesparse = true;
	s->per_table = table * SECTOR / 8;
	s->tables = tables * SECTOR;
	s->grains = grains * SECTOR;
	return set_geometry(s, name, file_size, get_le64(buf + 16), get_le64(buf + 24),
			    get_le64(buf + 128));
}

/* An image that was not closed has changes in its journal. */
static int check_volatile(struct blockdev *lower, const uint8_t *constant)
{
	uint64_t sector = get_le64(constant + 80);
	uint8_t buf[HEADER_BYTES];

	if (sector > MAX_SECTORS || blockdev_read_bytes(lower, buf, sizeof(buf), sector * SECTOR) ||
	    get_le64(buf) != MAGIC_VOLATILE)
		return damaged(lower->name, "its volatile header is missing");
	if (buf[24])
		return error_set(-EOPNOTSUPP, "%s: its journal has to be replayed; start the virtual machine and shut it down",
				 lower->name);
	return 0;
}

static int read_header(struct blockdev *lower, struct sparse *s, struct vmdk_embedded *embedded)
{
	uint64_t file_size = format_file_size(lower);
	uint8_t buf[HEADER_BYTES];
	int err = blockdev_read_bytes(lower, buf, sizeof(buf), 0);

	if (err)
		return format_unreadable(lower, err);
	if (get_le32(buf) == MAGIC_ESX)
		return parse_esx(buf, file_size, lower->name, s);
	if (get_le64(buf) == MAGIC_SESPARSE) {
		err = parse_sesparse(buf, file_size, lower->name, s);
		return err ? err : check_volatile(lower, buf);
	}
	if (get_le32(buf) != MAGIC_HOSTED)
		return error_set(-EINVAL, "%s: is not a VMDK image", lower->name);
	/* A file that was written as a stream has the header again before its last sector. */
	if (get_le64(buf + 56) == AT_END &&
	    (file_size < 4 * SECTOR ||
	     blockdev_read_bytes(lower, buf, sizeof(buf), (file_size / SECTOR - 2) * SECTOR) ||
	     get_le32(buf) != MAGIC_HOSTED))
		return damaged(lower->name, "its footer is missing; is the file cut off?");
	return parse_hosted(buf, file_size, lower->name, s, embedded);
}

int vmdk_sparse_open(struct blockdev *lower, struct vmdk_embedded *embedded, struct blockdev **bd)
{
	struct sparse *s = calloc(1, sizeof(*s));
	int err;

	*embedded = (struct vmdk_embedded){ 0 };
	err = s ? read_header(lower, s, embedded) :
		  error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (!err && s->packed)
		err = codec_load(FORMAT_ZLIB, lower->name);
	if (!err)
		err = mapped_init(&s->m, &sparse_ops, lower, s->capacity);
	if (err) {
		free(s);
		return err;
	}
	*bd = &s->m.bd;
	return 0;
}

void vmdk_sparse_set_parent(struct blockdev *bd, struct blockdev *parent, uint64_t offset)
{
	struct sparse *s = (struct sparse *)bd;

	s->parent = blockdev_get(parent);
	s->parent_offset = offset;
}

bool vmdk_is_sparse(const uint8_t *head, size_t len)
{
	return len >= HEADER_BYTES && (get_le32(head) == MAGIC_HOSTED ||
				       get_le32(head) == MAGIC_ESX ||
				       get_le64(head) == MAGIC_SESPARSE);
}
