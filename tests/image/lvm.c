// SPDX-License-Identifier: GPL-2.0
/*
 * lvm.c - open the volumes of an LVM2 volume group, given its images
 *
 *	lvm [-d] LIST-OF-IMAGES [VOLUME FILE]
 *
 * Without VOLUME it lists the volumes, one per line: name, type, bytes.  With it,
 * the bytes of the volume go to FILE.  -d: degraded.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "image.h"
#include "lvm-group.h"
#include "lvm-label.h"

#define MEMBERS_MAX	16

static struct {
	struct anyfs_kernel *k;
	struct lvm_member members[MEMBERS_MAX];
	struct lvm_pv pvs[MEMBERS_MAX];
	unsigned int nr;
} found;

static void check(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, error_name(rc), anyfs_strerror_last());
	exit(1);
}

static void add_image(const char *path)
{
	int disk = anyfs_disk_add(path, ANYFS_DISK_READONLY);
	struct lvm_member *m = &found.members[found.nr];
	struct lvm_pv *pv = &found.pvs[found.nr];
	struct device d;

	check(disk, path);
	check(device_of_part(found.k, disk, 0, 0, &d), path);
	check(lvm_pv_read(&d, path, pv), path);
	*m = (struct lvm_member){ .dev = d.dev, .size = d.size };
	memcpy(m->uuid, pv->uuid, sizeof(m->uuid));
	found.nr++;
}

static void copy_volume(uint64_t dev, const char *path)
{
	static char buf[1 << 20];
	FILE *out = fopen(path, "w");
	struct device d;

	check(device_open(found.k, dev, false, &d), path);
	for (uint64_t at = 0; at < d.size; at += sizeof(buf)) {
		size_t len = d.size - at < sizeof(buf) ? d.size - at : sizeof(buf);

		check(device_read(&d, buf, len, at), path);
		if (!out || fwrite(buf, 1, len, out) != len)
			check(-EIO, path);
	}
	device_close(&d);
	if (fclose(out))
		check(-EIO, path);
}

static void list_or_copy(struct lvm_group *g, const char *wanted, const char *path)
{
	struct lvm_volume_info info;
	uint64_t dev;

	for (unsigned int i = 0; lvm_group_volume(g, i, &info); i++) {
		if (!wanted) {
			printf("%s %s %llu\n", info.name, info.type, (unsigned long long)info.size);
		} else if (!strcmp(info.name, wanted)) {
			check(lvm_volume_open(g, i, &dev), wanted);
			copy_volume(dev, path);
		}
	}
}

int main(int argc, char **argv)
{
	bool degraded = argc > 1 && !strcmp(argv[1], "-d");
	struct lvm_group *g;
	char *image;

	argv += degraded;
	argc -= degraded;
	check(anyfs_kernel_init(&(AnyfsKernelOpts){ .mem_mb = 64, .loglevel = getenv("VERBOSE") ? 8 : 0 }), "boot");
	found.k = anyfs_kernel_current();
	for (char *list = argv[1]; (image = strtok(list, ",")); list = NULL)
		add_image(image);
	check(lvm_group_open(found.k, found.pvs[0].text, found.pvs[0].len, found.members, found.nr,
			     "group", true, degraded, &g), "group");
	list_or_copy(g, argc > 3 ? argv[2] : NULL, argv[3]);
	check(lvm_group_close(g), "close");
	for (unsigned int i = 0; i < found.nr; i++)
		lvm_pv_free(&found.pvs[i]);
	check(anyfs_kernel_halt(), "halt");
	return 0;
}
