// SPDX-License-Identifier: GPL-2.0
/*
 * signature.c - superblocks that libblkid does not know
 *
 * Used only if libblkid has found no type.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "image.h"

static const struct signature {
	const char *fstype;
	unsigned int offset;
	unsigned int len;
	const char *bytes;
	unsigned int label, label_len;	/* offset and size of the label; 0: none */
} signatures[] = {
	{ "bcachefs", 4096 + 24, 16,
	  "\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef", 4096 + 72, 32 },
	{ "omfs", 256 + 16, 4, "\xc2\x99\x3d\x87", 0, 0 },
	{ "qnx6", 0x2000, 4, "\x22\x11\x19\x68", 0, 0 },
	{ "qnx6", 0x2000, 4, "\x68\x19\x11\x22", 0, 0 },
	{ "efs", 512 + 28, 4, "\x00\x07\x29\x59", 512 + 32, 6 },
	{ "efs", 512 + 28, 4, "\x00\x07\x29\x5a", 512 + 32, 6 },
	/* The entry of the root directory, up to its size. */
	{ "qnx4", 512, 16, "/\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0, 0 },
	{ "affs", 0, 4, "DOS\x00", 0, 0 },
	{ "affs", 0, 4, "DOS\x01", 0, 0 },
	{ "affs", 0, 4, "DOS\x02", 0, 0 },
	{ "affs", 0, 4, "DOS\x03", 0, 0 },
	{ "affs", 0, 4, "DOS\x04", 0, 0 },
	{ "affs", 0, 4, "DOS\x05", 0, 0 },
};

/* Returns 1 if the device has the signature, 0 if not, or -errno. */
static int has_signature(const struct device *d, const struct signature *sig)
{
	char bytes[16];
	int rc = device_read(d, bytes, sig->len, sig->offset);

	if (rc)
		return rc == -ENXIO ? 0 : rc;
	return !memcmp(bytes, sig->bytes, sig->len);
}

/* Read the label up to its first zero byte. */
static int read_label(const struct device *d, const struct signature *sig, struct probe_super *s)
{
	char label[32];
	int rc = device_read(d, label, sig->label_len, sig->label);

	if (!rc)
		snprintf(s->label, sizeof(s->label), "%.*s", (int)sig->label_len, label);
	return rc;
}

/* The header of a physical volume of CoreStorage; numbers are little endian. */
#define CS_VERSION	8u		/* u16 */
#define CS_TYPE		10u		/* u16 */
#define CS_MAGIC	88u
#define CS_UUID		304u
#define CS_BYTES	320u

/* CoreStorage, the container of FileVault2; libblkid uses this name since version 2.40. */
static int probe_core_storage(const struct device *d, struct probe_super *s)
{
	uint8_t p[CS_BYTES];
	const uint8_t *u = p + CS_UUID;
	int rc = device_read(d, p, sizeof(p), 0);

	if (rc)
		return rc == -ENXIO ? 0 : rc;
	if (get_le16(p + CS_VERSION) != 1 || get_le16(p + CS_TYPE) != 0x10 ||
	    memcmp(p + CS_MAGIC, "CS", 2))
		return 0;
	s->usage = PROBE_CONTAINER;
	snprintf(s->fstype, sizeof(s->fstype), "cs_fvault2");
	snprintf(s->uuid, sizeof(s->uuid), "%08x-%04x-%04x-%04x-%04x%08x", get_be32(u),
		 get_be16(u + 4), get_be16(u + 6), get_be16(u + 8), get_be16(u + 10),
		 get_be32(u + 12));
	return 0;
}

int probe_signature(const struct device *d, struct probe_super *s)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		const struct signature *sig = &signatures[i];
		int rc = has_signature(d, sig);

		if (rc < 0)
			return rc;
		if (!rc)
			continue;
		s->usage = PROBE_FILESYSTEM;
		snprintf(s->fstype, sizeof(s->fstype), "%s", sig->fstype);
		return sig->label_len ? read_label(d, sig, s) : 0;
	}
	return probe_core_storage(d, s);
}
