// SPDX-License-Identifier: GPL-2.0
/*
 * volume-opts.c - descriptions of volumes, from anyfs_image_add_volume()
 *
 * A detached header, or the hashes of dm-verity, become a disk of the kernel, because
 * dm-crypt decrypts keyslots there and dm-verity reads hashes there.
 *
 * A path that leads to no volume is an error as soon as its parent's children are known: a
 * mistyped path must not open a volume without the protection that the user requested.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "deferred-removal.h"
#include "node.h"
#include "options.h"
#include "source.h"
#include "volume-opts.h"

static const struct { const char *name; enum volume_type type; } types[] = {
	{ "luks", VOLUME_LUKS }, { "bitlocker", VOLUME_BITLOCKER }, { "plain", VOLUME_PLAIN },
	{ "truecrypt", VOLUME_TCRYPT }, { "veracrypt", VOLUME_TCRYPT }, { "verity", VOLUME_VERITY },
};

#define PIM_MAX	2147468u		/* of VeraCrypt: the iterations fit into 31 bits */

static int find_type(const char *name, enum volume_type *type)
{
	for (size_t i = 0; name && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name))
			continue;
		*type = types[i].type;
		return 0;
	}
	return error_set(-EINVAL, "volume: \"%s\" is not a type of volume; use luks, bitlocker, plain, truecrypt, veracrypt or verity",
			 name ? name : "");
}

/* ---- Finding the description of a node -------------------------------------------- */

/* Whether @n, or a node above it with the same path, is a decrypted or verified volume. */
static bool is_inside(const struct anyfs_node *n)
{
	const char *path = n->path;

	for (; n && !strcmp(n->path, path); n = n->parent)
		if (n->kind == &node_crypt || n->kind == &node_verity)
			return true;
	return false;
}

bool volume_needs_opts(const char *fstype)
{
	return !*fstype || !strcmp(fstype, "DM_integrity");
}

struct volume_opts *volume_opts_for(const struct anyfs_node *n, bool unknown)
{
	if (is_inside(n))
		return NULL;
	for (struct volume_opts *o = n->image->volumes; o; o = o->next)
		if (o->path ? !strcmp(o->path, n->path) : unknown)
			return o;
	return NULL;
}

/* The part of the path of @o that follows the path of @n, or NULL if it is not below @n. */
static const char *path_below(const struct volume_opts *o, const struct anyfs_node *n)
{
	size_t len = n->path[1] ? strlen(n->path) : 0;

	if (!o->path || strncmp(o->path, n->path, len) || o->path[len] != '/' || !o->path[len + 1])
		return NULL;
	return o->path + len + 1;
}

static bool has_child(const struct anyfs_node *n, const char *path)
{
	size_t len = strcspn(path, "/");

	for (const struct anyfs_node *c = n->children; c; c = c->next)
		if (!strncmp(c->name, path, len) && !c->name[len])
			return true;
	return false;
}

/* Whether a volume may exist at @path, which is below @n. */
static bool may_exist(const struct anyfs_node *n, const char *path)
{
	if (n->lists)
		return has_child(n, path);
	/* A file system holds volumes only in files that are opened as disks. */
	return !n->children || n->children->kind != &node_filesystem || strchr(path, '!');
}

int volume_opts_check(const struct anyfs_node *n)
{
	for (const struct volume_opts *o = n->image->volumes; o; o = o->next) {
		const char *below = path_below(o, n);

		if (below && !may_exist(n, below))
			return error_set(-ENOENT, "%s: there is no volume %s, which was described",
					 image_name(n->image), o->path);
	}
	return 0;
}

int volume_opts_check_same(const struct anyfs_node *n)
{
	for (const struct volume_opts *o = n->image->volumes; o; o = o->next)
		if (path_below(o, n))
			return error_set(-ENOENT, "%s: the volume %s, which was described, is found below %s only",
					 image_name(n->image), o->path, n->shown_by->path);
	return 0;
}

static void free_key_files(struct crypt_tcrypt *t)
{
	struct crypt_blob *files = (struct crypt_blob *)t->key_files;

	for (size_t i = 0; i < t->nr_key_files; i++) {
		explicit_bzero((void *)files[i].data, files[i].len);
		free((void *)files[i].data);
	}
	free(files);
}

static void free_one(struct anyfs_image *im, struct anyfs_kernel *k, struct volume_opts *o)
{
	if (k && o->disk >= 0) {
		device_close(&o->header);
		if (disk_remove(im->ks, k, o->disk) == -EBUSY)
			removal_defer(im->ks, &(struct removal){ .disk = o->disk });
	}
	free_key_files(&o->tcrypt);
	free(o->path);
	free(o->hash_volume);
	free(o->root_hash);
	free(o);
}

void volume_opts_free(struct anyfs_image *im, struct anyfs_kernel *k)
{
	while (im->volumes) {
		struct volume_opts *next = im->volumes->next;

		free_one(im, k, im->volumes);
		im->volumes = next;
	}
}

/* ---- Reading the options ------------------------------------------------------------ */

static int copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? error_set(-ENOMEM, "volume: out of memory") : 0;
}

/* Copy a text to a buffer of @room bytes; @what names it in messages. */
static int copy_name(char *to, size_t room, const char *from, const char *what)
{
	if (from && strlen(from) >= room)
		return error_set(-EINVAL, "volume: %s: the name of the %s is too long", from, what);
	strcpy(to, from ? from : "");
	return 0;
}

static int take_plain(struct volume_opts *o, const struct anyfs_volume_opts *opts)
{
	struct crypt_segment *s = &o->plain.segment;
	uint32_t sector = opts->sector_size ? opts->sector_size : 512;
	int rc = copy_name(o->plain.hash, sizeof(o->plain.hash), opts->hash, "hash");

	if (!rc)
		rc = copy_name(s->cipher, sizeof(s->cipher), opts->cipher, "cipher");
	if (rc)
		return rc;
	if (!*s->cipher || !opts->key_bits || opts->key_bits % 8)
		return error_set(-EINVAL, "volume: a plain volume needs a cipher and the size of its key in bits (cipher=, key-size=)");
	if (sector < 512 || sector > 4096 || sector & (sector - 1))
		return error_set(-EINVAL, "volume: a sector size of %u is not possible; use 512, 1024, 2048 or 4096",
				 sector);
	if ((opts->offset | opts->skip) % 512)
		return error_set(-EINVAL, "volume: offset and skip of a plain volume must be multiples of 512");
	o->plain.key_len = opts->key_bits / 8;
	s->sector_size = sector;
	s->offset = opts->offset / 512;
	s->iv_offset = opts->skip / 512;
	return 0;
}

static int take_key_files(struct crypt_tcrypt *t, const struct anyfs_volume_opts *opts)
{
	struct crypt_blob *files = calloc(opts->nr_key_files + 1, sizeof(*files));

	t->key_files = files;
	for (size_t i = 0; files && i < opts->nr_key_files; i++) {
		const struct anyfs_key *from = &opts->key_files[i];
		void *copy = malloc(from->len + 1);

		if (!copy)
			return error_set(-ENOMEM, "volume: out of memory");
		memcpy(copy, from->data, from->len);
		files[t->nr_key_files++] = (struct crypt_blob){ copy, from->len };
	}
	return files ? 0 : error_set(-ENOMEM, "volume: out of memory");
}

static int take_tcrypt(struct volume_opts *o, const struct anyfs_volume_opts *opts)
{
	struct crypt_tcrypt *t = &o->tcrypt;
	int rc = copy_name(t->hash, sizeof(t->hash), opts->hash, "hash");

	if (!rc)
		rc = copy_name(t->cipher, sizeof(t->cipher), opts->cipher, "cipher");
	t->veracrypt = !strcmp(opts->type, "veracrypt");
	t->hidden = opts->hidden;
	t->backup = opts->backup;
	t->system = opts->system;
	t->pim = opts->pim;
	if (!rc && t->pim > PIM_MAX)
		rc = error_set(-EINVAL, "volume: a PIM is at most %u", PIM_MAX);
	return rc ? rc : take_key_files(t, opts);
}

static int take_verity(struct volume_opts *o, const struct anyfs_volume_opts *opts)
{
	int rc = copy_text(&o->root_hash, opts->root_hash);

	if (!rc)
		rc = copy_text(&o->hash_volume, opts->hash_volume);
	o->hash_offset = opts->hash_offset;
	if (rc)
		return rc;
	if (!o->root_hash)
		return error_set(-EINVAL, "volume: verity needs the root hash (root-hash=)");
	if (!*o->root_hash || o->root_hash[strspn(o->root_hash, "0123456789abcdefABCDEF")])
		return error_set(-EINVAL, "volume: the root hash is not hexadecimal: %s", o->root_hash);
	return 0;
}

static unsigned int first_part(const struct anyfs_image *im)
{
	unsigned int part = 1;

	while (part < PART_MAX && !part_set_has(&im->parts, part))
		part++;
	return part;
}

/* Copy the path of the volume to @o, without slashes at its end. */
static int take_path(const struct anyfs_image *im, struct volume_opts *o, const char *path)
{
	size_t len;
	int rc;

	if (!path && o->type == VOLUME_VERITY)
		path = "/";
	rc = copy_text(&o->path, path);
	if (rc || !path)
		return rc;
	if (*path != '/' || strstr(path, "//"))
		return error_set(-EINVAL, "volume: the path \"%s\" does not begin with one slash", path);
	for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
		o->path[len - 1] = '\0';
	if (!o->path[1] && im->nr_parts)
		return error_set(-EINVAL, "%s: the disk has partitions: give the path of the volume, such as /p%u",
				 im->name, first_part(im));
	return 0;
}

static int read_options(const struct anyfs_image *im, struct volume_opts *o,
			const struct anyfs_volume_opts *opts)
{
	int rc = find_type(opts->type, &o->type);

	if (!rc)
		rc = take_path(im, o, opts->path);
	if (!rc && o->type == VOLUME_PLAIN)
		rc = take_plain(o, opts);
	if (!rc && o->type == VOLUME_TCRYPT)
		rc = take_tcrypt(o, opts);
	if (!rc && o->type == VOLUME_VERITY)
		rc = take_verity(o, opts);
	return rc;
}

/* Make a disk of the header or the hashes. */
static int attach_image(struct anyfs_image *im, struct volume_opts *o, struct anyfs_source *source)
{
	struct blockdev *bd;
	char note[512];
	int rc = source_finish(source, &bd);

	if (rc)
		return rc;
	rc = disk_attach(im->ks, bd, note, sizeof(note));
	if (rc < 0)
		return rc;
	o->disk = rc;
	return device_of_part(im->ks->k, o->disk, 0, 0, &o->header);
}

/* Append @o: the description that was given first is used. */
static void link_opts(struct anyfs_image *im, struct volume_opts *o)
{
	struct volume_opts **last;

	pthread_mutex_lock(&im->ks->tree_lock);
	for (last = &im->volumes; *last; last = &(*last)->next)
		;
	*last = o;
	pthread_mutex_unlock(&im->ks->tree_lock);
}

int anyfs_image_add_volume(struct anyfs_image *im, const struct anyfs_volume_opts *given)
{
	struct anyfs_volume_opts opts;
	struct volume_opts *o = calloc(1, sizeof(*o));
	int rc = OPTIONS_READ(anyfs_volume_opts, hash_offset, &opts, given);

	if (o)
		o->disk = -1;
	else if (!rc)
		rc = error_set(-ENOMEM, "volume: out of memory");
	if (!rc)
		rc = read_options(im, o, &opts);
	if (!rc && opts.header)
		rc = attach_image(im, o, opts.header);
	else
		anyfs_source_close(opts.header);
	if (!rc)
		link_opts(im, o);
	else if (o)
		free_one(im, im->ks->k, o);
	return rc;
}
