// SPDX-License-Identifier: GPL-2.0
/*
 * source-http.c - anyfs-source-http: an image at an http: or https: address
 *
 * The program may use the network, and read only the files that resolving names, checking
 * certificates and ~/.netrc need.  See nbd-server.h for how it is started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http.h"

#define FIRST_BYTES	(1u << 20)	/* bytes of the first request */
#define PROBE_BYTES	4096u		/* the same, if the cache file has blocks already */
#define TIMEOUT_S	60u
#define THREADS		6u
#define LONG_FETCHES	2u
#define TRIES		5		/* of the first request, and of a download */

static struct serve serve;
static struct http_image image;

/* ---- the sandbox ------------------------------------------------------------------- */

static void enter_sandbox(void)
{
	static char netrc[4096];
	struct sandbox_path paths[32] = {
		SERVE_NET_PATHS, { .path = "/etc/ca-certificates" }, { .path = "/etc/localtime" },
		{ .path = "/usr/share/ca-certificates" }, { .path = "/usr/share/zoneinfo" },
	};
	const char *own[] = { getenv("CURL_CA_BUNDLE"), getenv("SSL_CERT_FILE"),
			      getenv("SSL_CERT_DIR"), netrc };
	size_t nr = 0;

	snprintf(netrc, sizeof(netrc), "%s/.netrc", getenv("HOME") ? getenv("HOME") : "");
	while (paths[nr].path)
		nr++;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] && *own[i])
			paths[nr++] = (struct sandbox_path){ .path = own[i] };
	serve_sandbox(&serve, SANDBOX_NET, paths, nr);
}

/* ---- the first answer ---------------------------------------------------------------- */

struct body {
	uint8_t *data;
	size_t len;
};

static bool keep_body(void *data, const void *bytes, size_t len)
{
	struct body *b = data;

	if (len > FIRST_BYTES - b->len)
		return false;
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
	return true;
}

static void wait_before_retry(int try)
{
	usleep((100 << try) * 1000);
}

/* Get the size, the state and the first bytes of the image. */
static void read_properties(CURL *h, struct body *body)
{
	uint64_t bytes = cache_is_new() ? FIRST_BYTES : PROBE_BYTES;
	char text[CACHE_TEXT];
	struct http_request r;
	enum fetch_result result;

	for (int try = 0;; try++) {
		r = (struct http_request){
			.image = &image, .len = bytes, .is_first = true,
			.sink = keep_body, .data = body, .text = text,
		};
		body->len = 0;
		result = http_get(h, &r);
		/* The server may have sent more bytes, which were dropped. */
		if (result != FETCH_FATAL && body->len == r.len)
			break;
		if (result == FETCH_DONE)
			strcpy(text, "the server sent less data than requested");
		if (result == FETCH_FATAL || try == TRIES - 1)
			serve_refuse(&serve, http_errno(&r), "%s", text);
		wait_before_retry(try);
	}
	image.size = r.answer.total;
	strcpy(image.etag, r.answer.etag);
	strcpy(image.modified, r.answer.modified);
}

/* ---- download -------------------------------------------------------------------------- */

struct file {
	uint64_t written;
	int err;
};

static bool write_body(void *data, const void *bytes, size_t len)
{
	struct file *f = data;
	const char *pos = bytes;

	while (len) {
		ssize_t n = write(SERVE_EXTRA_FD, pos, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			f->err = errno;
			return false;
		}
		f->written += n;
		pos += n;
		len -= n;
	}
	return true;
}

/* Until serve_accept() no thread waits for commands, so look here whether the library has ended. */
static int on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total,
		       curl_off_t up)
{
	(void)data, (void)total, (void)now, (void)up_total, (void)up;
	if (serve_is_over())
		_exit(0);
	return 0;
}

static void download(CURL *h)
{
	char text[CACHE_TEXT];
	struct http_request r;
	enum fetch_result result;
	struct file f;

	for (int try = 0;; try++) {
		f = (struct file){ 0 };
		r = (struct http_request){ .image = &image, .is_first = true, .sink = write_body,
					   .data = &f, .text = text };
		if (lseek(SERVE_EXTRA_FD, 0, SEEK_SET) || ftruncate(SERVE_EXTRA_FD, 0))
			serve_refuse(&serve, errno, "the temporary file: %s", strerror(errno));
		result = http_get(h, &r);
		if (f.err)
			serve_refuse(&serve, f.err, "the temporary file: %s; set TMPDIR to use another directory",
				     strerror(f.err));
		if (result == FETCH_DONE)
			break;
		if (result == FETCH_FATAL || try == TRIES - 1)
			serve_refuse(&serve, r.answer.status == 200 ? EIO : http_errno(&r), "%s", text);
		wait_before_retry(try);
	}
	if (!f.written)
		serve_refuse(&serve, ENODATA, "is empty");
	send(SERVE_FD, "K", 1, MSG_NOSIGNAL);
	_exit(0);
}

/* ---- ranges ---------------------------------------------------------------------------- */

static void *begin(void *data)
{
	(void)data;
	return http_handle(&image);
}

static bool pass_bytes(void *fetch, const void *bytes, size_t len)
{
	return cache_take(fetch, bytes, len);
}

static enum fetch_result fetch(void *data, void *handle, uint64_t offset, uint64_t len,
			       struct cache_fetch *f, char *text)
{
	struct http_request r = {
		.image = &image, .offset = offset, .len = len, .sink = pass_bytes, .data = f,
		.text = text,
	};

	(void)data;
	return http_get(handle, &r);
}

static char *identity(void)
{
	const char *host = strstr(image.address, "://") + 3;
	const char *at = memchr(host, '@', strcspn(host, "/?#"));
	char *id;

	/* Without ETag and Last-Modified a change cannot be detected. */
	if (!*image.etag && !*image.modified)
		return NULL;
	return asprintf(&id, "%s\n%s\n%s", at ? at + 1 : host, image.etag, image.modified) < 0 ? NULL : id;
}

static void take_settings(void)
{
	const char *header;

	image.address = serve_setting(&serve, "address", 0);
	image.timeout_s = serve_number(&serve, "timeout", TIMEOUT_S);
	if (!image.address)
		serve_refuse(&serve, EINVAL, "no address was given");
	for (unsigned int i = 0; (header = serve_setting(&serve, "header", i)); i++) {
		if (!strchr(header, ':') || strpbrk(header, "\r\n"))
			serve_refuse(&serve, EINVAL, "--header: give \"Name: value\"");
		image.headers = curl_slist_append(image.headers, header);
	}
}

int main(void)
{
	struct cache_options options = {
		.threads = THREADS, .long_fetches = LONG_FETCHES, .begin = begin, .fetch = fetch,
	};
	struct body body = { .data = malloc(FIRST_BYTES) };
	char text[CACHE_TEXT];
	CURL *h;
	int err;

	serve_start(&serve, "anyfs-source-http");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	take_settings();
	options.timeout_s = image.timeout_s;
	options.limit = serve_number(&serve, "cache-size", 0);
	options.file = serve_setting(&serve, "cache-file", 0);
	err = cache_prepare(&options, text);
	if (err)
		serve_refuse(&serve, err, "%s", text);
	enter_sandbox();
	h = http_handle(&image);
	if (!h || !body.data)
		serve_refuse(&serve, ENOMEM, "out of memory");
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
	if (serve_setting(&serve, "download", 0))
		download(h);
	read_properties(h, &body);
	options.identity = identity();
	serve.size = image.size;
	serve.flags = NBD_READ_ONLY | NBD_SEND_CACHE;
	err = cache_create(&serve, &options, text);
	if (err)
		serve_refuse(&serve, err, "%s", text);
	cache_put(0, body.data, body.len);
	free(body.data);
	serve_accept(&serve);
	cache_run();
}
