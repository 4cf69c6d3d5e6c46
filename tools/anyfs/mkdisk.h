/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mkdisk.h - interfaces between the files of anyfs mkdisk
 *
 * cmd-mkdisk.c parses the command line, mkdisk-parse.c parses --part, mkdisk-parts.c finds the
 * place of each partition, mkdisk-image.c makes the image file, mkdisk-content.c fills it,
 * mkdisk-table.c has the partition types and runs the program that writes the table, mkdisk-luks.c
 * makes headers of encrypted partitions, mkdisk-store.c writes into encrypted volumes,
 * mkdisk-lvm.c finds the places of logical volumes, and mkdisk-lvm-metadata.c describes them.
 */
#ifndef ANYFS_MKDISK_H
#define ANYFS_MKDISK_H

#include "host-program.h"
#include "mkfs.h"
#include "tool.h"

#define MKDISK_PARTS_MAX	128	/* number of entries in a GPT of libfdisk */

#define MKDISK_LOGICAL_MAX	128
#define MKDISK_LUKS_OPTIONS	11
#define MKDISK_KEYS_MAX		32	/* keyslots of LUKS2 */

/* How a partition is encrypted. */
struct mkdisk_luks {
	unsigned int version;		/* of LUKS: 1 or 2; 0: not encrypted */
	char *values[MKDISK_LUKS_OPTIONS];	/* of options in mkdisk-luks.c; NULL: not given */
	struct host_input keys[MKDISK_KEYS_MAX];
	unsigned int nr_keys;
};

/*
 * A partition or a logical volume to be made.  The strings are parts of the copied text of --part
 * or --lv.
 */
struct mkdisk_part {
	const char *option;		/* "--part" or "--lv", for messages */
	bool is_logical;
	const char *name;		/* of a logical volume: "vg0/root" */
	const char *group, *logical;	/* volume group, and "root" of "vg0/root"; or NULL */
	const char *fs;			/* file system type, or "none" */
	uint64_t start, size;		/* bytes; logical volumes start in their partition */
	bool rest;			/* the size is the space that the others leave */
	const char *type;		/* GUID, hexadecimal code or alias; NULL: by fs */
	const char *uuid;		/* of the partition in a GPT, or NULL */
	struct mkdisk_luks luks;
	struct mkfs_job job;		/* tool NULL: no file system */
};

struct mkdisk {
	const char *image;
	uint64_t size;			/* bytes */
	const char *table;		/* "gpt", "dos", or NULL: no partitions */
	const char *id;			/* of the table, or NULL: random */
	struct mkdisk_part parts[MKDISK_PARTS_MAX];
	unsigned int nr_parts;
	struct mkdisk_part logical[MKDISK_LOGICAL_MAX];
	unsigned int nr_logical;
};

/* mkdisk-parse.c */

bool mkdisk_is_uuid(const char *text);
/* Parse "NAME:FS:SIZE[:OPTION=VALUE]..." of --part and add it.  Ends the program on a mistake. */
void mkdisk_add_part(struct tool *t, struct mkdisk *disk, const char *text);
/* The same for "VG/NAME:FS:SIZE[:OPTION=VALUE]..." of --lv. */
void mkdisk_add_logical(struct tool *t, struct mkdisk *disk, const char *text);
/*
 * Set the bytes of a sector of the device that will contain @part.  Ends the program if the program
 * for its file system lacks something that it needs.
 */
void mkdisk_set_sector(struct tool *t, struct mkdisk_part *part, unsigned int sector);

/* mkdisk-parts.c */

/*
 * Find the place of each partition: in the order given, each beginning at a multiple of 1 MiB.
 * Returns false with a message if they do not fit, or the table cannot have them.
 */
bool mkdisk_place_parts(struct tool *t, struct mkdisk *disk);

/* mkdisk-luks.c */

/*
 * Take the option @name of --part if it is about encryption, else return false.  Ends the program
 * on a wrong value.
 */
bool mkdisk_luks_option(struct tool *t, struct mkdisk_part *part, const char *name,
			const char *value);
/* End the program if the options of @part exclude each other. */
void mkdisk_luks_check(struct tool *t, const struct mkdisk_part *part);
/* Whether @part, which has its size, can be encrypted.  If not, prints a message. */
bool mkdisk_luks_fits(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *part);
/* Get the keys of each encrypted partition.  Ends the program if one is missing, or not used. */
void mkdisk_luks_keys(struct tool *t, struct mkdisk *disk);
/* The bytes of a sector, and those of the header, which is before the data; 512, 0: no LUKS. */
unsigned int mkdisk_luks_sector(const struct mkdisk_luks *luks);
uint64_t mkdisk_luks_data(const struct mkdisk_luks *luks);
/* Whether the program that makes headers is installed.  If not, prints a message. */
bool mkdisk_luks_exists(struct tool *t);
/* Make the header of the encrypted partition @place.  Returns false with a message. */
bool mkdisk_luks_format(struct tool *t, const struct mkdisk_luks *luks,
			const struct mkfs_place *place);

/* mkdisk-lvm.c */

/* Whether @part is a physical volume of LVM2. */
bool mkdisk_is_lvm(const struct mkdisk_part *part);
/* Set the group and the name of the logical volume @lv.  Ends the program on a wrong name. */
void mkdisk_lvm_split_name(struct tool *t, struct mkdisk_part *lv);
/* End the program if groups and logical volumes do not belong together. */
void mkdisk_lvm_check(struct tool *t, struct mkdisk *disk);
/* Find the place of each logical volume.  Returns false with a message if they do not fit. */
bool mkdisk_lvm_place(struct tool *t, struct mkdisk *disk);
/*
 * Write the volume group of the partition @pv and the file systems in it to @place, whose fd is
 * open.  @zeros is as for mkdisk_make_file_system().  Returns false with a message.
 */
bool mkdisk_lvm_fill(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *pv,
		     const struct mkfs_place *place, bool *zeros);

/* mkdisk-lvm-metadata.c */

#define MKDISK_LVM_EXTENT	(4ull << 20)	/* bytes, the default of LVM2 */
#define MKDISK_LVM_DATA		(1ull << 20)	/* offset of the first extent, likewise */

/* The number of extents in the partition @pv. */
uint64_t mkdisk_lvm_extents(const struct mkdisk_part *pv);
/* Write the label and the metadata of @pv to @place.  Returns false with a message. */
bool mkdisk_lvm_write_metadata(struct tool *t, const struct mkdisk *disk,
			       const struct mkdisk_part *pv, const struct mkfs_place *place);

/* mkdisk-store.c */

/*
 * Write the file @content, of @size bytes, to the encrypted volume @path, such as "/p2", of the
 * raw image @raw.  Holes remain random bytes, unless @zeros is true.  Returns false with a message,
 * which begins with @about.
 */
bool mkdisk_store(struct tool *t, const char *raw, const char *about, const char *path,
		  int content, uint64_t size, bool zeros);

/* mkdisk-image.c */

/*
 * The name that qemu-img has for the format of --format, else for that of the suffix of @image;
 * NULL: raw.  Ends the program if --format is not known.
 */
const char *mkdisk_format(struct tool *t, const char *image);
/* Make the image in @format.  A failure prints a message and leaves no file. */
void mkdisk_make(struct tool *t, const struct mkdisk *disk, const char *format);

/* mkdisk-content.c */

/* Whether all programs that will be needed are installed.  If not, prints a message. */
bool mkdisk_have_programs(struct tool *t, const struct mkdisk *disk);
/*
 * Make the file system of @part in an unnamed temporary file of the size of @place.  With @zeros,
 * as mkfs_run_no_holes() does.  Returns its descriptor, or -1 after a message.
 */
int mkdisk_make_file_system(struct tool *t, const struct mkdisk_part *part,
			    const struct mkfs_place *place, bool *zeros);
/* Write the table and the file systems into the raw image @raw.  Returns false with a message. */
bool mkdisk_fill(struct tool *t, const struct mkdisk *disk, const char *raw);

/* mkdisk-table.c */

/* Write the partition table to the raw image at @path.  Returns false with a message. */
bool mkdisk_write_table(struct tool *t, const struct mkdisk *disk, const char *path);

#endif /* ANYFS_MKDISK_H */
