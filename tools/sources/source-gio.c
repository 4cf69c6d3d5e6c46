// SPDX-License-Identifier: GPL-2.0
/*
 * source-gio.c - anyfs-source-gio: an image at any address that GIO opens
 *
 * sftp:, smb:, dav: and so on are served by the daemons of GVfs, which GIO talks
 * to over the session's D-Bus; this program reads file: itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cache.h"

#define TIMEOUT_S	60u
#define THREADS		4u
#define STEP		(2u << 20)	/* bytes to read before the state is queried */
#define ATTRIBUTES	"standard::size,standard::type,etag::value," \
			"time::modified,time::modified-usec"

/* The state of the image; a difference means that the image has changed. */
struct state {
	uint64_t size, modified;
	uint32_t modified_usec;
	char etag[256];
};

/* The private data of a thread. */
struct reader {
	GInputStream *stream;		/* NULL: to be opened */
	char buf[STEP];
};

static struct serve serve;
static GFile *file;
static struct state opened;

static int errno_of(const GError *e)
{
	if (e->domain != G_IO_ERROR)
		return EIO;
	switch (e->code) {
	case G_IO_ERROR_NOT_FOUND:
		return ENOENT;
	case G_IO_ERROR_PERMISSION_DENIED:
		return EACCES;
	case G_IO_ERROR_NOT_SUPPORTED:
		return EOPNOTSUPP;
	default:
		return EIO;
	}
}

static bool ask_state(struct state *s, GFileType *type, GError **error)
{
	GFileInfo *info = g_file_query_info(file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, NULL, error);
	const char *etag;

	memset(s, 0, sizeof(*s));
	if (!info)
		return false;
	*type = g_file_info_get_file_type(info);
	s->size = g_file_info_get_size(info);
	s->modified = g_file_info_get_attribute_uint64(info, G_FILE_ATTRIBUTE_TIME_MODIFIED);
	s->modified_usec = g_file_info_get_attribute_uint32(info,
							    G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
	etag = g_file_info_get_attribute_string(info, G_FILE_ATTRIBUTE_ETAG_VALUE);
	snprintf(s->etag, sizeof(s->etag), "%s", etag ? etag : "");
	g_object_unref(info);
	return true;
}

/* ---- opening ------------------------------------------------------------------------------ */

struct mounting {
	GMainLoop *loop;
	GError *error;
};

static void on_mounted(GObject *source, GAsyncResult *result, gpointer data)
{
	struct mounting *m = data;

	g_file_mount_enclosing_volume_finish(G_FILE(source), result, &m->error);
	g_main_loop_quit(m->loop);
}

/* Connect to the server, which GVfs calls mounting. */
static void mount_volume(void)
{
	struct mounting m = { .loop = g_main_loop_new(NULL, FALSE) };
	GMountOperation *operation = g_mount_operation_new();

	g_file_mount_enclosing_volume(file, G_MOUNT_MOUNT_NONE, operation, NULL, on_mounted, &m);
	g_main_loop_run(m.loop);
	if (m.error && !g_error_matches(m.error, G_IO_ERROR, G_IO_ERROR_ALREADY_MOUNTED))
		serve_refuse(&serve, errno_of(m.error), "%s", m.error->message);
	g_clear_error(&m.error);
	g_object_unref(operation);
	g_main_loop_unref(m.loop);
}

static void check_image(void)
{
	GFileType type;
	GError *error = NULL;

	if (!ask_state(&opened, &type, &error) &&
	    g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED)) {
		g_clear_error(&error);
		mount_volume();
		ask_state(&opened, &type, &error);
	}
	if (error)
		serve_refuse(&serve, errno_of(error), "%s%s", error->message,
			     g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ?
			     "; is GVfs there (Debian packages gvfs and gvfs-backends), and a D-Bus session?" : "");
	if (type == G_FILE_TYPE_DIRECTORY)
		serve_refuse(&serve, EISDIR, "is a directory");
	if (!opened.size)
		serve_refuse(&serve, ENODATA, "is empty");
}

/* ---- reading -------------------------------------------------------------------------------- */

static void *begin(void *data)
{
	(void)data;
	return calloc(1, sizeof(struct reader));
}

static void close_stream(struct reader *r)
{
	g_clear_object(&r->stream);
}

static enum fetch_result failed(struct reader *r, GError *error, char *text)
{
	snprintf(text, CACHE_TEXT, "%s", error ? error->message : "cannot be read");
	g_clear_error(&error);
	close_stream(r);
	return FETCH_RETRY;
}

static bool prepare(struct reader *r, uint64_t offset, GError **error)
{
	if (!r->stream)
		r->stream = G_INPUT_STREAM(g_file_read(file, NULL, error));
	return r->stream && g_seekable_seek(G_SEEKABLE(r->stream), offset, G_SEEK_SET, NULL, error);
}

static enum fetch_result check_state(struct reader *r, char *text)
{
	struct state now;
	GFileType type;
	GError *error = NULL;

	if (!ask_state(&now, &type, &error))
		return failed(r, error, text);
	if (!memcmp(&now, &opened, sizeof(now)))
		return FETCH_DONE;
	strcpy(text, "the image has changed since it was opened");
	return FETCH_FATAL;
}

/*
 * Data are passed on only after checking that the image has not changed since they were
 * read: a step is read, then the state is queried.
 */
static enum fetch_result fetch(void *data, void *mine, uint64_t offset, uint64_t len,
			       struct cache_fetch *f, char *text)
{
	struct reader *r = mine;
	GError *error = NULL;

	(void)data;
	if (!prepare(r, offset, &error))
		return failed(r, error, text);
	while (len) {
		enum fetch_result result;
		gsize n = 0;

		if (!g_input_stream_read_all(r->stream, r->buf, len < STEP ? len : STEP, &n, NULL,
					     &error))
			return failed(r, error, text);
		result = check_state(r, text);
		if (result != FETCH_DONE)
			return result;
		if (!n)
			return failed(r, NULL, text);
		if (!cache_take(f, r->buf, n))
			break;
		len -= n;
	}
	return FETCH_DONE;
}

static void write_temporary(const char *buf, size_t len)
{
	if (serve_is_over())
		_exit(0);
	while (len) {
		ssize_t n = write(SERVE_EXTRA_FD, buf, len);

		if (n < 0)
			serve_refuse(&serve, errno, "the temporary file: %s; TMPDIR names another directory",
				     strerror(errno));
		buf += n;
		len -= n;
	}
}

static void download(void)
{
	GError *error = NULL;
	GInputStream *in = G_INPUT_STREAM(g_file_read(file, NULL, &error));
	static char buf[STEP], text[CACHE_TEXT];
	struct reader none = { 0 };
	gssize n = 0;

	while (in && (n = g_input_stream_read(in, buf, sizeof(buf), NULL, &error)) > 0)
		write_temporary(buf, n);
	if (error)
		serve_refuse(&serve, errno_of(error), "%s", error->message);
	if (check_state(&none, text) != FETCH_DONE)
		serve_refuse(&serve, EIO, "%s", text);
	send(SERVE_FD, "K", 1, MSG_NOSIGNAL);
	_exit(0);
}

/* ---- the start ------------------------------------------------------------ */

static void enter_sandbox(const char *path)
{
	const struct sandbox_path paths[] = {
		{ .path = "/usr" }, { .path = "/lib" }, { .path = "/lib64" }, { .path = "/etc/ld.so.cache" },
		{ .path = "/etc/nsswitch.conf" }, { .path = "/etc/passwd" }, { .path = "/etc/hosts" },
		{ .path = "/etc/resolv.conf" }, { .path = "/etc/localtime" },
		{ .path = "/etc/machine-id" }, { .path = "/var/lib/dbus" }, { .path = "/proc/self" },
		{ .path = "/dev/urandom" }, { .path = "/dev/null" }, { .path = path },
	};
	size_t nr = sizeof(paths) / sizeof(paths[0]);

	serve_sandbox(&serve, SANDBOX_GIO, paths, path ? nr : nr - 1);
}

int main(void)
{
	struct cache_options options = { .threads = THREADS, .begin = begin, .fetch = fetch };
	char text[CACHE_TEXT], *path;
	const char *address;
	int err;

	serve_start(&serve, "anyfs-source-gio");
	address = serve_setting(&serve, "address", 0);
	if (!address)
		serve_refuse(&serve, EINVAL, "no address was given");
	options.timeout_s = serve_number(&serve, "timeout", TIMEOUT_S);
	options.limit = serve_number(&serve, "cache-size", 0);
	options.file = serve_setting(&serve, "cache-file", 0);
	err = cache_prepare(&options, text);
	if (err)
		serve_refuse(&serve, err, "%s", text);
	/* A file of this host needs no session and no daemon. */
	path = g_ascii_strncasecmp(address, "file:", 5) ? NULL :
	       g_filename_from_uri(address, NULL, NULL);
	if (path)
		setenv("GIO_USE_VFS", "local", 1);
	enter_sandbox(path);
	file = g_file_new_for_uri(address);
	check_image();
	if (serve_setting(&serve, "download", 0))
		download();
	options.identity = g_strdup_printf("%s\n%s\n%" G_GUINT64_FORMAT ".%u", address, opened.etag,
					   opened.modified, opened.modified_usec);
	serve.size = opened.size;
	serve.flags = NBD_READ_ONLY | NBD_SEND_CACHE;
	err = cache_create(&serve, &options, text);
	if (err)
		serve_refuse(&serve, err, "%s", text);
	serve_accept(&serve);
	cache_run();
}
