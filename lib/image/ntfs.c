// SPDX-License-Identifier: GPL-2.0
/*
 * ntfs.c - check whether Windows still uses an NTFS volume
 *
 * A Windows that hibernates, or shuts down with Fast Startup, keeps parts of its mounted
 * volumes in memory and continues with them.  A change of the volume in between destroys the
 * volume.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "bytes.h"
#include "image.h"
#include "kernel-syscalls.h"
#include "ntfs.h"

/* The restart pages of $LogFile, little endian.  There are two; the newer one is valid. */
#define RESTART_PAGE		4096
#define RESTART_AREA_OFFSET	0x18	/* u16, of the page */
#define AREA_LSN		0x00	/* u64, of the area */
#define AREA_CLIENTS_IN_USE	0x0c	/* u16: first client in use; 0xffff: none */
#define AREA_FLAGS		0x0e	/* u16 */
#define AREA_BYTES		0x30
#define VOLUME_IS_CLEAN		0x0002

static const uint8_t *restart_area(const uint8_t *page)
{
	unsigned int offset = get_le16(page + RESTART_AREA_OFFSET);

	if (memcmp(page, "RSTR", 4) || offset > RESTART_PAGE - AREA_BYTES)
		return NULL;
	return page + offset;
}

static bool log_is_open(const uint8_t *pages)
{
	const uint8_t *area = restart_area(pages);
	const uint8_t *other = restart_area(pages + RESTART_PAGE);

	if (!area || (other && get_le64(other + AREA_LSN) > get_le64(area + AREA_LSN)))
		area = other;
	return area && get_le16(area + AREA_CLIENTS_IN_USE) != 0xffff &&
	       !(get_le16(area + AREA_FLAGS) & VOLUME_IS_CLEAN);
}

/* Read the first @len bytes of a file in the root directory at @point; false if shorter. */
static bool read_start(struct anyfs_kernel *k, const char *point, const char *name, void *buf,
		       size_t len)
{
	char path[128];
	int64_t fd, n;

	snprintf(path, sizeof(path), "%s/%s", point, name);
	fd = k_open(k, path, LKL_O_RDONLY | LKL_O_NOFOLLOW | LKL_O_CLOEXEC);
	if (fd < 0)
		return false;
	n = k_read(k, fd, buf, len);
	k_close(k, fd);
	return n == (int64_t)len;
}

bool ntfs_log_is_open(struct anyfs_kernel *k, const char *point)
{
	uint8_t pages[2 * RESTART_PAGE];

	return read_start(k, point, "$LogFile", pages, sizeof(pages)) && log_is_open(pages);
}

/* hiberfil.sys begins with "wake" after a resume, and with zeros if Windows never hibernated. */
static bool is_hibernated(struct anyfs_kernel *k, const char *point)
{
	static const char *const marks[] = { "hibr", "rstr", "link" };
	char mark[4];

	if (!read_start(k, point, "hiberfil.sys", mark, sizeof(mark)))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strncasecmp(mark, marks[i], sizeof(mark)))
			return true;
	return false;
}

const char *ntfs_in_use(struct anyfs_kernel *k, const char *point)
{
	if (is_hibernated(k, point))
		return "Windows is hibernated or was shut down with Fast Startup, and has parts of this volume in its memory image (hiberfil.sys): "
		       "a change would damage the volume; start Windows and shut it down fully (shutdown /s /t 0), or open the volume read-only, or force the change (--force-write)";
	if (ntfs_log_is_open(k, point))
		return "Windows was not shut down fully, or has crashed; the log contains changes that are not in the volume yet: "
		       "start Windows and shut it down fully (shutdown /s /t 0), or open the volume read-only, or force the change (--force-write)";
	return NULL;
}
