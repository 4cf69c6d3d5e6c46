// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-lvm-metadata.c - label and metadata of a physical volume of LVM2
 *
 * The first MiB has a label in its second sector, and from byte 4096 on the metadata area: a header
 * of 512 bytes, then a ring buffer that contains the text which describes the group.
 *
 * Reference: lib/format_text/layout.h and lib/label/label.h of LVM2 describe these structures; all
 * numbers are little endian.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "bytes.h"
#include "crc32.h"
#include "fnv.h"
#include "messages.h"
#include "mkdisk.h"
#include "source-date.h"

#define SECTOR		512u
#define AREA		4096u		/* offset of the metadata area */
#define AREA_SIZE	(MKDISK_LVM_DATA - AREA)
#define ID_BYTES	32
#define ID_TEXT		(ID_BYTES + 6 + 1)	/* with dashes and NUL */

/* The group of a physical volume. */
struct group {
	struct tool *t;
	const struct mkdisk *disk;
	const struct mkdisk_part *pv;
	bool is_fixed;			/* SOURCE_DATE_EPOCH is set */
	uint64_t time;			/* seconds since 1970 */
	char pv_id[ID_BYTES];
};

uint64_t mkdisk_lvm_extents(const struct mkdisk_part *pv)
{
	uint64_t before = mkdisk_luks_data(&pv->luks) + MKDISK_LVM_DATA;

	return pv->size < before ? 0 : (pv->size - before) / MKDISK_LVM_EXTENT;
}

/* CRC-32 with LVM2's own starting value, and without the final inversion. */
static uint32_t lvm_crc(const uint8_t *p, size_t len)
{
	return crc32_add(0xf597a6cf, p, len);
}

/* ---- Identifiers ------------------------------------------------------------------------- */

/* Numbers that follow from @kind and @name, for a reproducible image. */
static void fixed_numbers(const char *kind, const char *name, uint8_t *numbers)
{
	uint64_t sum = fnv1a(fnv1a(FNV_START, kind, strlen(kind)), name, strlen(name));

	for (int i = 0; i < ID_BYTES; i++) {
		sum = fnv1a(sum, &i, sizeof(i));
		numbers[i] = sum >> 32;
	}
}

/* Make the identifier of the group, physical or logical volume @name, without dashes. */
static void make_id(const struct group *g, const char *kind, const char *name, char id[ID_BYTES])
{
	static const char digits[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	uint8_t numbers[ID_BYTES];

	if (g->is_fixed)
		fixed_numbers(kind, name, numbers);
	else if (getrandom(numbers, sizeof(numbers), 0) != sizeof(numbers))
		abort();		/* cannot happen for up to 256 bytes */
	for (int i = 0; i < ID_BYTES; i++)
		id[i] = digits[numbers[i] % (sizeof(digits) - 1)];
}

/* "YxP5DW-TXhN-VGQr-iV5Q-qZ6L-IpIY-H3NSjB" */
static const char *id_text(const char id[ID_BYTES], char text[ID_TEXT])
{
	snprintf(text, ID_TEXT, "%.6s-%.4s-%.4s-%.4s-%.4s-%.4s-%.6s", id, id + 6, id + 10, id + 14,
		 id + 18, id + 22, id + 26);
	return text;
}

/* ---- The text ---------------------------------------------------------------------------- */

static void print_physical(FILE *f, const struct group *g)
{
	char id[ID_TEXT];

	fprintf(f, "physical_volumes {\npv0 {\nid = \"%s\"\n", id_text(g->pv_id, id));
	fprintf(f, "device = \"[unknown]\"\nstatus = [\"ALLOCATABLE\"]\nflags = []\n");
	fprintf(f, "dev_size = %llu\npe_start = %llu\npe_count = %llu\n}\n}\n",
		(unsigned long long)(g->pv->size - mkdisk_luks_data(&g->pv->luks)) / SECTOR,
		MKDISK_LVM_DATA / SECTOR, (unsigned long long)mkdisk_lvm_extents(g->pv));
}

static void print_logical(FILE *f, const struct group *g, const struct mkdisk_part *lv)
{
	char id[ID_BYTES], text[ID_TEXT];

	make_id(g, "lv", lv->name, id);
	fprintf(f, "%s {\nid = \"%s\"\n", lv->logical, id_text(id, text));
	fprintf(f, "status = [\"READ\", \"WRITE\", \"VISIBLE\"]\nflags = []\n");
	fprintf(f, "creation_time = %llu\ncreation_host = \"anyfs\"\n", (unsigned long long)g->time);
	fprintf(f, "segment_count = 1\nsegment1 {\nstart_extent = 0\nextent_count = %llu\n",
		(unsigned long long)(lv->size / MKDISK_LVM_EXTENT));
	fprintf(f, "type = \"striped\"\nstripe_count = 1\nstripes = [\n\"pv0\", %llu\n]\n}\n}\n",
		(unsigned long long)((lv->start - MKDISK_LVM_DATA) / MKDISK_LVM_EXTENT));
}

static void print_group(FILE *f, const struct group *g)
{
	const struct mkdisk *disk = g->disk;
	char id[ID_BYTES], text[ID_TEXT];
	bool any = false;

	make_id(g, "vg", g->pv->group, id);
	fprintf(f, "%s {\nid = \"%s\"\nseqno = 1\nformat = \"lvm2\"\n", g->pv->group,
		id_text(id, text));
	fprintf(f, "status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\n");
	fprintf(f, "extent_size = %llu\nmax_lv = 0\nmax_pv = 0\nmetadata_copies = 0\n",
		MKDISK_LVM_EXTENT / SECTOR);
	print_physical(f, g);
	for (unsigned int i = 0; i < disk->nr_logical; i++) {
		if (strcmp(disk->logical[i].group, g->pv->group))
			continue;
		fputs(any ? "" : "logical_volumes {\n", f);
		any = true;
		print_logical(f, g, &disk->logical[i]);
	}
	fprintf(f, "%s}\ncontents = \"Text Format Volume Group\"\nversion = 1\n", any ? "}\n" : "");
	fprintf(f, "description = \"Made by anyfs mkdisk\"\ncreation_host = \"anyfs\"\n");
	fprintf(f, "creation_time = %llu\n", (unsigned long long)g->time);
}

/* The text, to be freed; *@len is its length with the NUL at its end, which LVM2 counts. */
static char *make_text(const struct group *g, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	if (!f)
		tool_no_memory(g->t);
	print_group(f, g);
	if (fclose(f))
		tool_no_memory(g->t);
	++*len;
	return text;
}

/* ---- Label and header -------------------------------------------------------------------- */

static uint8_t *put_64(uint8_t *p, uint64_t value)
{
	put_le32(p, value);
	put_le32(p + 4, value >> 32);
	return p + 8;
}

/* An element of a list of areas, or its end: 0, 0. */
static uint8_t *put_area(uint8_t *p, uint64_t offset, uint64_t size)
{
	return put_64(put_64(p, offset), size);
}

static void make_label(const struct group *g, uint8_t *label)
{
	uint8_t *p = label + 32;

	memcpy(label, "LABELONE", 8);
	put_64(label + 8, 1);			/* its own sector number */
	put_le32(label + 20, p - label);
	memcpy(label + 24, "LVM2 001", 8);
	memcpy(p, g->pv_id, ID_BYTES);
	p = put_64(p + ID_BYTES, g->pv->size - mkdisk_luks_data(&g->pv->luks));
	p = put_area(p, MKDISK_LVM_DATA, 0);	/* the data area, up to the end */
	p = put_area(p, 0, 0);
	p = put_area(p, AREA, AREA_SIZE);	/* the metadata area */
	p = put_area(p, 0, 0);
	put_le32(p, 2);				/* version of the extension that follows */
	put_le32(p + 4, 1);			/* flag: the volume belongs to a group */
	put_le32(label + 16, lvm_crc(label + 20, SECTOR - 20));
}

static void make_header(uint8_t *header, const char *text, size_t len)
{
	memcpy(header + 4, " LVM2 x[5A%r0N*>", 16);
	put_le32(header + 20, 1);		/* version */
	put_64(put_64(header + 24, AREA), AREA_SIZE);
	put_64(put_64(header + 40, SECTOR), len);	/* place of the text in the area */
	put_le32(header + 56, lvm_crc((const uint8_t *)text, len));
	put_le32(header, lvm_crc(header + 4, SECTOR - 4));
	memcpy(header + SECTOR, text, len);
}

/* Write everything before the data.  False after a message. */
static bool write_all(struct tool *t, const struct mkfs_place *place, const uint8_t *buf)
{
	ssize_t n = 1;

	for (size_t done = 0; done < MKDISK_LVM_DATA && n > 0; done += n)
		n = TEMP_FAILURE_RETRY(pwrite(place->fd, buf + done, MKDISK_LVM_DATA - done,
					      place->start + done));
	if (n <= 0 || fsync(place->fd)) {
		tool_error(t, "%s: %s", place->given, strerror(n ? errno : EIO));
		return false;
	}
	t->bytes += MKDISK_LVM_DATA;
	return true;
}

bool mkdisk_lvm_write_metadata(struct tool *t, const struct mkdisk *disk,
			       const struct mkdisk_part *pv, const struct mkfs_place *place)
{
	struct group g = { .t = t, .disk = disk, .pv = pv, .time = time(NULL) };
	int fixed = source_date(t, &g.time);
	uint8_t *buf;
	char *text;
	size_t len;
	bool done;

	if (fixed < 0)
		return false;
	g.is_fixed = fixed;
	make_id(&g, "pv", pv->name, g.pv_id);
	text = make_text(&g, &len);
	/* 128 volumes with names of 127 characters need less than 64 KiB. */
	buf = calloc(1, MKDISK_LVM_DATA);
	if (!buf)
		tool_no_memory(t);
	make_label(&g, buf + SECTOR);
	make_header(buf + AREA, text, len);
	done = write_all(t, place, buf);
	free(buf);
	free(text);
	return done;
}
