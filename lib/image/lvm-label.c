// SPDX-License-Identifier: GPL-2.0
/*
 * lvm-label.c - read the label and the metadata areas of an LVM2 physical volume
 *
 * One of the first four sectors contains the label, which points to the header.  The
 * header lists up to two metadata areas.  Each area is a header of 512 bytes followed by a
 * ring buffer; the text of the group may wrap around the end of the buffer.
 *
 * Reference: lib/format_text/layout.h and lib/label/label.h of LVM2 describe
 * these structures; all numbers are little endian.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "crc32.h"
#include "error.h"
#include "lvm-config.h"
#include "lvm-label.h"

#define SECTOR		512u
#define LABEL_SECTORS	4u

/* struct label_header */
#define LABEL_NUMBER	8u		/* u64: its own sector number */
#define LABEL_CRC	16u		/* u32: of the rest of the sector */
#define LABEL_OFFSET	20u		/* u32: offset of the pv_header in the label */
#define LABEL_TYPE	24u		/* "LVM2 001" */

/* struct pv_header */
#define PV_UUID		0u
#define PV_UUID_BYTES	32u
#define PV_AREAS	40u		/* lists of (offset, size), each ends with zeros */

/* struct mda_header */
#define MDA_CRC		0u		/* u32: of the rest of the 512 bytes */
#define MDA_MAGIC	4u
#define MDA_VERSION	20u		/* u32: 1 */
#define MDA_START	24u		/* u64: offset of this header */
#define MDA_SIZE	32u		/* u64: bytes, including this header */
#define MDA_TEXT	40u		/* u64 offset in the area, u64 size, u32 crc, u32 flags */
#define TEXT_IGNORED	1u		/* flag: not in use */

#define TEXT_MAX	(32u << 20)	/* metadata of 10,000 volumes is 5 MiB */

/* CRC-32 with LVM2's own starting value, and without the final inversion. */
static uint32_t lvm_crc(const uint8_t *p, size_t len)
{
	return crc32_add(0xf597a6cf, p, len);
}

static bool is_label(const uint8_t *sector, unsigned int nr)
{
	uint32_t offset = get_le32(sector + LABEL_OFFSET);

	return !memcmp(sector, "LABELONE", 8) && get_le64(sector + LABEL_NUMBER) == nr &&
	       !memcmp(sector + LABEL_TYPE, "LVM2 001", 8) &&
	       get_le32(sector + LABEL_CRC) ==
		       lvm_crc(sector + LABEL_OFFSET, SECTOR - LABEL_OFFSET) &&
	       offset >= LABEL_TYPE + 8 && offset <= SECTOR - PV_AREAS;
}

/* Find the sector of the label; or return NULL and set *@rc. */
static const uint8_t *find_label(const struct device *d, uint8_t *sectors, int *rc)
{
	*rc = device_read(d, sectors, LABEL_SECTORS * SECTOR, 0);
	if (*rc == -ENXIO)		/* too small for a label */
		*rc = -ENOENT;
	for (unsigned int nr = 0; !*rc && nr < LABEL_SECTORS; nr++)
		if (is_label(sectors + nr * SECTOR, nr))
			return sectors + nr * SECTOR;
	if (!*rc)
		*rc = -ENOENT;
	return NULL;
}

/*
 * Read @len bytes of text at @offset of the metadata area at @start, which has @size bytes;
 * offset and size include the header of the area.  At the end of the area the text continues
 * after the header.
 */
static int read_text(const struct device *d, uint64_t start, uint64_t size, uint64_t offset,
		     uint64_t len, char *text)
{
	uint64_t first = size - offset < len ? size - offset : len;
	int rc = device_read(d, text, first, start + offset);

	if (!rc && first < len)
		rc = device_read(d, text + first, len - first, start + SECTOR);
	return rc;
}

/* The sequence number of a group's metadata; -1 if it cannot be parsed. */
static int64_t text_seqno(const char *text, size_t len)
{
	struct lvm_config *config;
	const struct lvm_value *v;
	unsigned int line;
	int64_t seqno = -1;

	if (lvm_config_parse(text, len, &config, &line))
		return -1;
	/* The group is the only section. */
	for (v = lvm_config_root(config)->child; v && seqno < 0; v = v->next)
		if (v->type == LVM_SECTION)
			seqno = lvm_number(v, "seqno");
	lvm_config_free(config);
	return seqno;
}

/* Keep the newer of @text and the text of @pv.  Takes over @text. */
static void keep_newer(struct lvm_pv *pv, char *text, size_t len)
{
	if (pv->text && text_seqno(pv->text, pv->len) >= text_seqno(text, len)) {
		free(text);
		return;
	}
	free(pv->text);
	pv->text = text;
	pv->len = len;
}

/* Read the metadata area at @start; its text replaces an older one of @pv. */
static int read_area(const struct device *d, uint64_t start, const char *object,
		     struct lvm_pv *pv)
{
	static const char magic[] = " LVM2 x[5A%r0N*>";
	uint8_t header[SECTOR];
	uint64_t size, offset, len;
	char *text;
	int rc = device_read(d, header, sizeof(header), start);

	if (rc)
		return rc;
	if (memcmp(header + MDA_MAGIC, magic, 16) || get_le32(header + MDA_VERSION) != 1 ||
	    get_le64(header + MDA_START) != start ||
	    get_le32(header + MDA_CRC) != lvm_crc(header + MDA_MAGIC, SECTOR - MDA_MAGIC))
		return error_set(-EUCLEAN, "%s: the LVM2 metadata area at byte %llu is damaged",
				 object, (unsigned long long)start);
	size = get_le64(header + MDA_SIZE);
	offset = get_le64(header + MDA_TEXT);
	len = get_le64(header + MDA_TEXT + 8);
	if (!offset || !len || get_le32(header + MDA_TEXT + 20) & TEXT_IGNORED)
		return 0;
	if (offset < SECTOR || offset >= size || len > size - SECTOR || len > TEXT_MAX)
		return error_set(-EUCLEAN, "%s: the LVM2 metadata extends beyond its area", object);
	text = malloc(len);
	if (!text)
		return -ENOMEM;
	rc = read_text(d, start, size, offset, len, text);
	if (!rc && lvm_crc((uint8_t *)text, len) != get_le32(header + MDA_TEXT + 16))
		rc = error_set(-EUCLEAN, "%s: the LVM2 metadata has a wrong checksum", object);
	if (rc) {
		free(text);
		return rc;
	}
	keep_newer(pv, text, len);
	return 0;
}

/* Find the list of metadata areas, which follows the list of data areas. */
static const uint8_t *metadata_areas(const uint8_t *p, const uint8_t *end)
{
	while (p + 16 <= end) {
		uint64_t offset = get_le64(p);

		p += 16;
		if (!offset)
			return p;
	}
	return end;
}

int lvm_pv_read(const struct device *d, const char *object, struct lvm_pv *pv)
{
	uint8_t sectors[LABEL_SECTORS * SECTOR];
	const uint8_t *label, *p, *end;
	int rc, err = 0;

	memset(pv, 0, sizeof(*pv));
	label = find_label(d, sectors, &rc);
	if (!label)
		return rc;
	p = label + get_le32(label + LABEL_OFFSET);
	end = label + SECTOR;
	memcpy(pv->uuid, p + PV_UUID, PV_UUID_BYTES);
	for (p = metadata_areas(p + PV_AREAS, end); p + 16 <= end && get_le64(p); p += 16) {
		rc = read_area(d, get_le64(p), object, pv);
		if (rc && !err)
			err = rc;
	}
	/* One good copy is enough. */
	return pv->text ? 0 : err;
}

void lvm_pv_free(struct lvm_pv *pv)
{
	free(pv->text);
	pv->text = NULL;
}
