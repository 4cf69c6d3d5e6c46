// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - the table of image formats
 */
#include <string.h>
#include "format.h"

/* Formats with a signature at the beginning come first. */
static const struct format *const formats[] = {
	&format_qcow2,
	&format_vmdk,
	&format_vhdx,
	&format_vdi,
	&format_ewf,
	&format_android,
	/* Before the formats whose signatures the first chunk of a DMG could contain. */
	&format_dmg,
	&format_gzip,
	&format_xz,
	&format_zstd,
	&format_bzip2,
	&format_lz4,
	&format_zip,
	&format_tar,
	&format_cd_bin,
	&format_cd_cue,
	/* Formats with a signature at the end. */
	&format_vhd,
	&format_nrg,
};

#define NR_FORMATS	(sizeof(formats) / sizeof(formats[0]))

const struct format *format_probe(const struct format_sample *sample)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (formats[i]->probe(sample))
			return formats[i];
	return NULL;
}

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

const char *format_names(void)
{
	return "raw, qcow2, vmdk, vhdx, vdi, vhd, ewf, dmg, android-sparse, gzip, xz, zstd, bzip2, lz4, zip, tar, cd-bin, cd-cue, nrg";
}
