// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-luks.c - encrypted partitions of anyfs mkdisk: their options, and the LUKS header
 *
 * cryptsetup makes the header in a temporary file, without root and without the host's device
 * mapper.  It reads keys from files in memory: no argument, and no file of a disk, has them.
 * SOURCE_DATE_EPOCH has no effect on it, because keys and salts must be random.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host-program.h"
#include "keys.h"
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "output.h"
#include "parse.h"
#include "signals.h"

#define LUKS1_DATA	(2ull << 20)	/* bytes before the data: the defaults of cryptsetup */
#define LUKS2_DATA	(16ull << 20)
#define LUKS1_KEYS	8u		/* keyslots */
#define SECTOR		512u
#define MIB		(1u << 20)
#define ARGS_MAX	(2 * MKDISK_LUKS_OPTIONS + 16)

enum value { TEXT, NUMBER, MEMORY, SECTOR_SIZE, UUID, KEY_BITS, KDF };

/* The options of --part for encrypted partitions, and those of cryptsetup. */
static const struct {
	const char *name, *option;
	enum value value;
	bool luks2;			/* LUKS1 has no such property */
	bool slot;			/* of each keyslot */
} options[MKDISK_LUKS_OPTIONS] = {
	{ "luks-uuid", "--uuid", UUID, false, false },
	{ "luks-label", "--label", TEXT, true, false },
	{ "cipher", "--cipher", TEXT, false, false },
	{ "key-size", "--key-size", KEY_BITS, false, false },
	{ "hash", "--hash", TEXT, false, true },
	{ "pbkdf", "--pbkdf", KDF, false, true },
	{ "pbkdf-time", "--iter-time", NUMBER, false, true },
	{ "pbkdf-iterations", "--pbkdf-force-iterations", NUMBER, false, true },
	{ "pbkdf-memory", "--pbkdf-memory", MEMORY, true, true },
	{ "pbkdf-threads", "--pbkdf-parallel", NUMBER, true, true },
	{ "luks-sector-size", "--sector-size", SECTOR_SIZE, true, false },
};

static const struct host_program cryptsetup = {
	.name = "cryptsetup", .package = "cryptsetup-bin", .quiet = true,
};

static bool is_sector_size(const char *text)
{
	return !strcmp(text, "512") || !strcmp(text, "4096");
}

/* Is @text a number of at least one, without a sign? */
static bool is_number(const char *text)
{
	return !text[strspn(text, "0123456789")] && strtoull(text, NULL, 10) > 0;
}

static bool is_kdf(const char *text)
{
	return !strcmp(text, "argon2id") || !strcmp(text, "argon2i") || !strcmp(text, "pbkdf2");
}

/* cryptsetup would answer some of these with its usage only. */
static bool is_of_kind(enum value kind, const char *value)
{
	switch (kind) {
	case NUMBER:
		return is_number(value);
	case KEY_BITS:
		return is_number(value) && strtoull(value, NULL, 10) % 8 == 0;
	case SECTOR_SIZE:
		return is_sector_size(value);
	case UUID:
		return mkdisk_is_uuid(value);
	case KDF:
		return is_kdf(value);
	default:
		return true;
	}
}

/* The argument of cryptsetup for @value, or NULL if @value is not of the kind. */
static char *argument(struct tool *t, enum value kind, const char *value)
{
	uint64_t bytes;
	char *text;

	if (!is_of_kind(kind, value))
		return NULL;
	if (kind != MEMORY)
		return tool_strdup(t, value);
	if (!parse_size(value, &bytes) || bytes < 1024)
		return NULL;
	if (asprintf(&text, "%llu", (unsigned long long)bytes / 1024) < 0)
		tool_no_memory(t);
	return text;
}

bool mkdisk_luks_option(struct tool *t, struct mkdisk_part *part, const char *name,
			const char *value)
{
	static const char *const wanted[] = {
		[TEXT] = "a text", [NUMBER] = "a number above 0", [MEMORY] = "a size such as 512M",
		[SECTOR_SIZE] = "512 or 4096", [UUID] = "a UUID",
		[KEY_BITS] = "a multiple of 8", [KDF] = "argon2id, argon2i or pbkdf2",
	};

	if (!strcmp(name, "luks")) {
		if (strcmp(value, "1") && strcmp(value, "2"))
			tool_usage(t, "--part %s: luks=%s: give luks, luks=1 or luks=2", part->name,
				   value);
		part->luks.version = *value - '0';
		return true;
	}
	for (size_t i = 0; i < MKDISK_LUKS_OPTIONS; i++) {
		if (strcmp(options[i].name, name))
			continue;
		part->luks.values[i] = argument(t, options[i].value, value);
		if (!part->luks.values[i])
			tool_usage(t, "--part %s: %s=%s: give %s", part->name, name, value,
				   wanted[options[i].value]);
		return true;
	}
	return false;
}

/* The value of an option, or NULL. */
static const char *value_of(const struct mkdisk_luks *luks, const char *name)
{
	for (size_t i = 0; i < MKDISK_LUKS_OPTIONS; i++)
		if (!strcmp(options[i].name, name))
			return luks->values[i];
	return NULL;
}

unsigned int mkdisk_luks_sector(const struct mkdisk_luks *luks)
{
	const char *text = value_of(luks, "luks-sector-size");

	return text ? atoi(text) : SECTOR;
}

uint64_t mkdisk_luks_data(const struct mkdisk_luks *luks)
{
	static const uint64_t data[] = { 0, LUKS1_DATA, LUKS2_DATA };

	return data[luks->version];
}

/* cryptsetup ignores options that its key derivation does not have, and takes another one. */
static void check_kdf(struct tool *t, const struct mkdisk_part *part)
{
	const struct mkdisk_luks *luks = &part->luks;
	const char *kdf = value_of(luks, "pbkdf");

	if (value_of(luks, "pbkdf-time") && value_of(luks, "pbkdf-iterations"))
		tool_usage(t, "--part %s: pbkdf-time and pbkdf-iterations exclude each other",
			   part->name);
	if (!kdf)
		return;
	if (luks->version == 1 && strcmp(kdf, "pbkdf2"))
		tool_usage(t, "--part %s: pbkdf=%s needs luks=2", part->name, kdf);
	if (!strcmp(kdf, "pbkdf2") &&
	    (value_of(luks, "pbkdf-memory") || value_of(luks, "pbkdf-threads")))
		tool_usage(t, "--part %s: pbkdf-memory and pbkdf-threads are not for pbkdf2",
			   part->name);
}

void mkdisk_luks_check(struct tool *t, const struct mkdisk_part *part)
{
	const struct mkdisk_luks *luks = &part->luks;

	for (size_t i = 0; i < MKDISK_LUKS_OPTIONS; i++) {
		if (luks->values[i] && !luks->version)
			tool_usage(t, "--part %s: %s needs an encrypted partition: add the option luks",
				   part->name, options[i].name);
		if (luks->values[i] && luks->version == 1 && options[i].luks2)
			tool_usage(t, "--part %s: %s needs luks=2", part->name, options[i].name);
	}
	check_kdf(t, part);
}

bool mkdisk_luks_fits(struct tool *t, const struct mkdisk *disk, const struct mkdisk_part *part)
{
	uint64_t header = mkdisk_luks_data(&part->luks);
	unsigned int sector = mkdisk_luks_sector(&part->luks);
	char size[16];

	format_size(header, size, sizeof(size));
	if (part->size < header + MIB)
		tool_error(t, "%s: partition %s: too small for an encrypted volume: the header alone takes %s",
			   disk->image, part->name, size);
	else if (part->size % sector)
		tool_error(t, "%s: partition %s: its size must be a multiple of luks-sector-size=%u",
			   disk->image, part->name, sector);
	else
		return true;
	return false;
}

/* Keys and salts are random, and different in each run. */
static void check_reproducible(struct tool *t, const struct mkdisk *disk,
			       const struct mkdisk_part *part)
{
	char *note;

	if (t->reproducible)
		tool_usage(t, "--part %s: --reproducible is not possible for an encrypted partition, because its keys are random",
			   part->name);
	if (!getenv("SOURCE_DATE_EPOCH"))
		return;
	if (asprintf(&note, "%s: partition %s is encrypted with random keys: in spite of SOURCE_DATE_EPOCH the image differs in each run",
		     disk->image, part->name) < 0)
		tool_no_memory(t);
	tool_note(t, "%s", note);
	result_note(t, note);
	free(note);
}

static void take_keys(struct tool *t, struct mkdisk_luks *luks, const char *path)
{
	unsigned int max = luks->version == 1 ? LUKS1_KEYS : MKDISK_KEYS_MAX;
	struct host_input key;

	while ((key.data = keys_for_new(t, path, luks->nr_keys, &key.len))) {
		if (luks->nr_keys == max)
			tool_usage(t, "--key: LUKS%u has %u keyslots: there are more keys for %s",
				   luks->version, max, path);
		luks->keys[luks->nr_keys++] = key;
	}
}

void mkdisk_luks_keys(struct tool *t, struct mkdisk *disk)
{
	char path[16];

	for (unsigned int i = 0; i < disk->nr_parts; i++) {
		struct mkdisk_luks *luks = &disk->parts[i].luks;

		snprintf(path, sizeof(path), "/p%u", i + 1);
		if (!luks->version)
			continue;
		check_reproducible(t, disk, &disk->parts[i]);
		take_keys(t, luks, path);
	}
	keys_check_used(t);
}

bool mkdisk_luks_exists(struct tool *t)
{
	return host_program_exists(t, &cryptsetup);
}

/* Append the options that were given; with @slot only those of keyslots.  Returns the end. */
static size_t add_options(const struct mkdisk_luks *luks, bool slot, char **args, size_t nr)
{
	for (size_t i = 0; i < MKDISK_LUKS_OPTIONS; i++) {
		if (!luks->values[i] || (slot && !options[i].slot))
			continue;
		args[nr++] = (char *)options[i].option;
		args[nr++] = luks->values[i];
	}
	return nr;
}

/* Make the header with the first key in the file @path, which is as large as the partition. */
static bool format(struct tool *t, const struct mkdisk_luks *luks, const char *about,
		   const char *path)
{
	struct host_program program = cryptsetup;
	char *args[ARGS_MAX] = { NULL }, offset[24];
	size_t nr = 1;

	program.about = about;
	program.input = luks->keys[0];
	snprintf(offset, sizeof(offset), "%llu",
		 (unsigned long long)mkdisk_luks_data(luks) / SECTOR);
	args[nr++] = "--batch-mode";
	args[nr++] = "luksFormat";
	args[nr++] = "--type";
	args[nr++] = luks->version == 1 ? "luks1" : "luks2";
	args[nr++] = "--offset";
	args[nr++] = offset;
	args[nr++] = "--key-file";
	args[nr++] = "-";
	if (luks->version == 2 && !value_of(luks, "luks-sector-size")) {
		args[nr++] = "--sector-size";
		args[nr++] = "512";
	}
	nr = add_options(luks, false, args, nr);
	args[nr++] = "--";
	args[nr++] = (char *)path;
	return host_program_run(t, &program, args);
}

/* Add keyslot number @slot, with the key of that number. */
static bool add_key(struct tool *t, const struct mkdisk_luks *luks, unsigned int slot,
		    const char *about, const char *path)
{
	struct host_program program = cryptsetup;
	char *args[ARGS_MAX] = { NULL };
	size_t nr = 1;

	program.about = about;
	program.input = luks->keys[0];
	program.more = luks->keys[slot];
	args[nr++] = "--batch-mode";
	args[nr++] = "luksAddKey";
	args[nr++] = "--key-file";
	args[nr++] = "-";
	nr = add_options(luks, true, args, nr);
	args[nr++] = "--";
	args[nr++] = (char *)path;
	args[nr++] = HOST_PROGRAM_MORE;
	return host_program_run(t, &program, args);
}

/* Make the header with all keys. */
static bool make_header(struct tool *t, const struct mkdisk_luks *luks, const char *about,
			const char *path)
{
	bool done = format(t, luks, about, path);

	for (unsigned int slot = 1; done && slot < luks->nr_keys; slot++)
		done = !tool_stopping(t) && add_key(t, luks, slot, about, path);
	return done;
}

/* Allocate the header of the file @temp: cryptsetup does not say that the disk is full. */
static bool reserve(struct tool *t, const struct mkdisk_luks *luks, const char *about, int temp)
{
	int err = posix_fallocate(temp, 0, mkdisk_luks_data(luks));

	if (err)
		tool_error(t, "%s: the header of the encrypted volume: %s", about, strerror(err));
	return !err;
}

bool mkdisk_luks_format(struct tool *t, const struct mkdisk_luks *luks,
			const struct mkfs_place *place)
{
	char *path;
	int temp = mkfs_temp(t, place, &path);
	bool done;

	if (temp < 0)
		return false;
	done = reserve(t, luks, place->given, temp) && make_header(t, luks, place->given, path) &&
	       mkfs_fill(t, place, temp);
	mkfs_remove_temp(path);
	close(temp);
	return done;
}
