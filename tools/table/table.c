// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - anyfs-table: write partition tables, for anyfs mkdisk and anyfs resize
 *
 *	anyfs-table IMAGE gpt|dos ID [START SIZE TYPE NAME UUID]...
 *	anyfs-table IMAGE grow NUMBER SIZE SECTOR-SIZE
 *
 * The first form writes a new table.  START and SIZE are sectors of 512 bytes.  TYPE is a GUID
 * or a hexadecimal code, or an alias that libfdisk knows.  ID, NAME and UUID may be empty; only
 * a GPT has names and UUIDs.  The second form changes the size of a partition; SIZE 0 takes the
 * free space after it.  On failure prints one sentence to stderr and exits with 1.
 */
#include <errno.h>
#include <libfdisk/libfdisk.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS	5
#define SECTOR	512
#define MIB	(1u << 20)

static void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* End the program if @rc, of a function of libfdisk, is an error. */
static void must(int rc, const char *what)
{
	if (rc < 0)
		fail("%s: %s", what, strerror(-rc));
}

/*
 * libfdisk reports problems here; questions are answered with their defaults.  When a table is
 * read, it reports that the disk has grown, which is no problem.
 */
static int on_ask(struct fdisk_context *cxt, struct fdisk_ask *ask, void *data)
{
	const bool *reads = data;

	if (!*reads && (fdisk_is_ask(ask, WARN) || fdisk_is_ask(ask, WARNX)))
		fail("%s", fdisk_ask_print_get_mesg(ask));
	return 0;
}

/* Whether @text is a code, which libfdisk accepts even if it knows no type of that code. */
static bool is_type_code(struct fdisk_context *cxt, const char *text)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (fdisk_is_label(cxt, GPT))
		return digits == 8 && strlen(text) == 36;
	return !text[digits] && digits >= 1 && digits <= 2;
}

static struct fdisk_parttype *parse_type(struct fdisk_context *cxt, const char *text)
{
	int flags = is_type_code(cxt, text) ? FDISK_PARTTYPE_PARSE_DATA :
		    FDISK_PARTTYPE_PARSE_ALIAS | FDISK_PARTTYPE_PARSE_NAME |
				      FDISK_PARTTYPE_PARSE_NOUNKNOWN;
	struct fdisk_parttype *type =
		fdisk_label_advparse_parttype(fdisk_get_label(cxt, NULL), text, flags);

	if (!type)
		fail("type=%s: unknown partition type; \"sfdisk --list-types --label %s\" lists them",
		     text, fdisk_is_label(cxt, GPT) ? "gpt" : "dos");
	return type;
}

static void add(struct fdisk_context *cxt, size_t nr, char **field)
{
	struct fdisk_partition *pa = fdisk_new_partition();
	struct fdisk_parttype *type = parse_type(cxt, field[2]);

	if (!pa)
		fail("out of memory");
	must(fdisk_partition_set_partno(pa, nr), "number");
	must(fdisk_partition_set_start(pa, strtoull(field[0], NULL, 10)), "start");
	must(fdisk_partition_set_size(pa, strtoull(field[1], NULL, 10)), "size");
	must(fdisk_partition_size_explicit(pa, 1), "size");
	must(fdisk_partition_set_type(pa, type), "type");
	if (*field[3] && fdisk_is_label(cxt, GPT))
		must(fdisk_partition_set_name(pa, field[3]), "name");
	if (*field[4])
		must(fdisk_partition_set_uuid(pa, field[4]), "UUID");
	must(fdisk_add_partition(cxt, pa, NULL), field[3]);
	fdisk_unref_partition(pa);
	fdisk_unref_parttype(type);
}

static void create(struct fdisk_context *cxt, int argc, char **argv)
{
	must(fdisk_create_disklabel(cxt, argv[2]), argv[2]);
	if (*argv[3])
		must(fdisk_set_disklabel_id_from_string(cxt, argv[3]), argv[3]);
	for (int i = 4; i < argc; i += FIELDS)
		add(cxt, (i - 4) / FIELDS, argv + i);
}

/* The first sector after the free space that follows @pa. */
static fdisk_sector_t end_of_space(struct fdisk_context *cxt, struct fdisk_partition *pa)
{
	fdisk_sector_t start = fdisk_partition_get_start(pa), end = fdisk_get_last_lba(cxt) + 1;
	struct fdisk_iter *it = fdisk_new_iter(FDISK_ITER_FORWARD);
	struct fdisk_table *all = NULL;
	struct fdisk_partition *other;

	if (!it)
		fail("out of memory");
	must(fdisk_get_partitions(cxt, &all), "partitions");
	while (!fdisk_table_next_partition(all, it, &other))
		if (fdisk_partition_get_start(other) > start &&
		    fdisk_partition_get_start(other) < end)
			end = fdisk_partition_get_start(other);
	fdisk_unref_table(all);
	fdisk_free_iter(it);
	return end;
}

/* The size of @pa with the free space after it, so that the partition ends at a whole MiB. */
static fdisk_sector_t largest_size(struct fdisk_context *cxt, struct fdisk_partition *pa,
				   unsigned int sector)
{
	fdisk_sector_t start = fdisk_partition_get_start(pa), end = end_of_space(cxt, pa);

	end -= end % (MIB / sector);
	return end > start + fdisk_partition_get_size(pa) ? end - start :
							    fdisk_partition_get_size(pa);
}

/* End the program if @pa cannot have this size; libfdisk gives no reason. */
static void check_space(struct fdisk_context *cxt, struct fdisk_partition *pa,
			unsigned long long sectors, unsigned int sector)
{
	fdisk_sector_t end = end_of_space(cxt, pa);
	fdisk_sector_t space = end - fdisk_partition_get_start(pa);

	if (sectors > space)
		fail("there is space for %llu bytes only, up to the %s",
		     (unsigned long long)space * sector, end > fdisk_get_last_lba(cxt) ?
		     "end of the disk; first make the image larger" : "next partition");
}

static void grow(struct fdisk_context *cxt, char **argv)
{
	size_t nr = strtoull(argv[3], NULL, 10) - 1;
	unsigned long long sectors = strtoull(argv[4], NULL, 10);
	unsigned int sector = strtoul(argv[5], NULL, 10);
	struct fdisk_partition *pa = fdisk_new_partition(), *old = NULL;

	if (!pa)
		fail("out of memory");
	if (!fdisk_has_label(cxt) || fdisk_get_partition(cxt, nr, &old))
		fail("no partition %s in a table with sectors of %s bytes", argv[3], argv[5]);
	if (!sectors)
		sectors = largest_size(cxt, old, sector);
	if (sectors < fdisk_partition_get_size(old))
		fail("the partition is larger");
	check_space(cxt, old, sectors, sector);
	must(fdisk_partition_set_size(pa, sectors), "size");
	must(fdisk_partition_size_explicit(pa, 1), "size");
	must(fdisk_set_partition(cxt, nr, pa), "the partition cannot have this size");
	fdisk_unref_partition(old);
	fdisk_unref_partition(pa);
}

int main(int argc, char **argv)
{
	struct fdisk_context *cxt = fdisk_new_context();
	bool grows = argc == 6 && !strcmp(argv[2], "grow");
	bool reads = grows;
	unsigned int sector = grows ? strtoul(argv[5], NULL, 10) : SECTOR;

	if (!grows && (argc < 4 || (argc - 4) % FIELDS))
		fail("wrong arguments");
	if (!cxt)
		fail("out of memory");
	fdisk_disable_dialogs(cxt, 1);
	must(fdisk_set_ask(cxt, on_ask, &reads), "ask");
	must(fdisk_save_user_sector_size(cxt, sector, sector), "sector size");
	must(fdisk_assign_device(cxt, argv[1], 0), argv[1]);
	reads = false;
	if (grows)
		grow(cxt, argv);
	else
		create(cxt, argc, argv);
	must(fdisk_write_disklabel(cxt), "write the partition table");
	must(fdisk_deassign_device(cxt, 0), "write the partition table");
	fdisk_unref_context(cxt);
	return 0;
}
