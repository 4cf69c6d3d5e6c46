// SPDX-License-Identifier: GPL-2.0
/*
 * http.c - request ranges of an image, and check the answers
 *
 * The image must not change while it is read: each answer must have the ETag, time and size
 * of the first answer, and exactly the bytes that were requested.
 *
 * Redirects are followed here and not by libcurl, because later requests go directly to the
 * target, and headers that the user gave for one host must not be sent to another.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "http.h"

#define REDIRECTS_MAX	10
#define CONNECT_S	15L
#define STALL_S		20L

/* ---- the answer's header ---------------------------------------------------------- */

static bool take_field(const char *line, const char *name, char *value, size_t len)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n))
		return false;
	line += n + strspn(line + n, " \t");
	snprintf(value, len, "%.*s", (int)strcspn(line, "\r\n"), line);
	return true;
}

static size_t on_header(char *data, size_t one, size_t len, void *request)
{
	struct http_request *r = request;
	struct http_answer *a = &r->answer;
	unsigned long long first, last, total;
	char line[2304], value[HTTP_FIELD];

	(void)one;
	snprintf(line, sizeof(line), "%.*s", (int)len, data);
	if (!strncmp(line, "HTTP/", 5)) {
		/* The previous headers belong to an interim answer or to the answer of a proxy. */
		*a = (struct http_answer){ .status = strtol(line + strcspn(line, " "), NULL, 10) };
	} else if (take_field(line, "content-range:", value, sizeof(value))) {
		a->has_range = sscanf(value, "bytes %llu-%llu/%llu", &first, &last, &total) == 3;
		if (a->has_range) {
			a->first = first;
			a->last = last;
			a->total = total;
		}
	} else if (!take_field(line, "etag:", a->etag, sizeof(a->etag)) &&
		   !take_field(line, "last-modified:", a->modified, sizeof(a->modified)) &&
		   !take_field(line, "content-encoding:", a->encoding, sizeof(a->encoding))) {
		take_field(line, "location:", a->location, sizeof(a->location));
	}
	return len;
}

/* ---- check the answer ------------------------------------------------------------- */

static enum fetch_result fail(struct http_request *r, enum fetch_result verdict, const char *text)
{
	snprintf(r->text, CACHE_TEXT, "%s", text);
	return verdict;
}

static enum fetch_result check_status(struct http_request *r)
{
	long status = r->answer.status;

	if (status == 206 || (status == 200 && !r->len))
		return FETCH_DONE;
	if (status == 200 && r->is_first)
		return fail(r, FETCH_FATAL, "the server does not send parts of a file (no ranges); --download fetches all of it first");
	if (status == 200)
		return fail(r, FETCH_FATAL, "the image has changed on the server, or the server no longer sends parts of it");
	if (status == 416)
		return fail(r, FETCH_FATAL, r->is_first ? "the image on the server is empty" :
			   "the image on the server is shorter than the server said");
	if (status == 412)
		return fail(r, FETCH_FATAL, "the image has changed on the server");
	if (status == 401 || status == 407)
		snprintf(r->text, CACHE_TEXT, "the server wants a name and a password (status %ld); give --header or an entry in ~/.netrc",
			status);
	else
		snprintf(r->text, CACHE_TEXT, "the server answered with status %ld", status);
	return status == 408 || status == 429 || status >= 500 || !r->is_first ? FETCH_RETRY :
	       FETCH_FATAL;
}

static enum fetch_result check_state(struct http_request *r)
{
	const struct http_image *im = r->image;
	const struct http_answer *a = &r->answer;

	if (strcmp(a->etag, im->etag) || strcmp(a->modified, im->modified) ||
	    a->total != im->size)
		return fail(r, FETCH_FATAL, "the image has changed on the server since it was opened");
	if (a->first != r->offset || a->last - a->first + 1 != r->len)
		return fail(r, FETCH_RETRY, "the server sent other bytes than requested");
	return FETCH_DONE;
}

static enum fetch_result check_first(struct http_request *r)
{
	const struct http_answer *a = &r->answer;

	if (a->first || a->last >= a->total || a->last >= r->len || !a->total)
		return fail(r, FETCH_FATAL, "the server sent other bytes than requested");
	/* The header gives the end of the body. */
	r->len = a->last + 1;
	return FETCH_DONE;
}

static enum fetch_result check_answer(struct http_request *r)
{
	enum fetch_result result = check_status(r);

	if (result != FETCH_DONE)
		return result;
	if (*r->answer.encoding && strcasecmp(r->answer.encoding, "identity"))
		return fail(r, FETCH_FATAL, "the server sends the image compressed, which was not requested");
	if (!r->len)
		return FETCH_DONE;
	if (!r->answer.has_range || r->answer.last < r->answer.first)
		return fail(r, FETCH_FATAL, "the server does not say which part of the file it sends");
	return r->is_first ? check_first(r) : check_state(r);
}

static size_t on_body(char *data, size_t one, size_t len, void *request)
{
	struct http_request *r = request;
	size_t take = len;

	(void)one;
	/* Ignore the body of a redirect. */
	if (r->answer.status >= 300 && r->answer.status < 400 && *r->answer.location)
		return len;
	if (!r->checked) {
		r->checked = true;
		r->verdict = check_answer(r);
	}
	if (r->verdict != FETCH_DONE)
		return 0;
	if (r->len && take > r->len - r->received)
		take = r->len - r->received;
	r->received += take;
	if (!r->sink(r->data, data, take))
		r->verdict = fail(r, FETCH_RETRY, "the received data could not be stored");
	else if (take < len)
		r->verdict = fail(r, FETCH_RETRY, "the server sent more data than requested");
	return r->verdict == FETCH_DONE ? len : 0;
}

/* ---- requests ------------------------------------------------------------------------ */

/* Use the user's certificates; curl(1) reads these variables, libcurl does not. */
static void set_certificates(CURL *h)
{
	const char *file = getenv("CURL_CA_BUNDLE"), *dir = getenv("SSL_CERT_DIR");

	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	if (file && *file)
		curl_easy_setopt(h, CURLOPT_CAINFO, file);
	if (dir && *dir)
		curl_easy_setopt(h, CURLOPT_CAPATH, dir);
}

CURL *http_handle(struct http_image *image)
{
	CURL *h = curl_easy_init();

	(void)image;
	if (!h)
		return NULL;
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "anyfs");
	set_certificates(h);
	curl_easy_setopt(h, CURLOPT_BUFFERSIZE, 256L << 10);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	return h;
}

static CURLcode perform(CURL *h, struct http_request *r, const char *url, bool own_host)
{
	long stall = r->image->timeout_s < STALL_S ? r->image->timeout_s : STALL_S;
	char range[64], error[CURL_ERROR_SIZE] = "";
	CURLcode rc;

	snprintf(range, sizeof(range), "%llu-%llu", (unsigned long long)r->offset,
		 (unsigned long long)(r->offset + r->len - 1));
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_RANGE, r->len ? range : NULL);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, own_host ? r->image->headers : NULL);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, stall);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, error);
	r->answer = (struct http_answer){ 0 };
	r->checked = false;
	r->verdict = FETCH_DONE;
	r->received = 0;
	*r->text = '\0';
	rc = curl_easy_perform(h);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, NULL);
	if (rc && !*r->text)
		snprintf(r->text, CACHE_TEXT, "%s", *error ? error : curl_easy_strerror(rc));
	return rc;
}

/* Returns "https://host:port", to be freed. */
static char *origin(const char *url)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *all = NULL;
	CURLU *u = curl_url();

	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
	    !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
	    !curl_url_get(u, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
	    asprintf(&all, "%s://%s:%s", scheme, host, port) < 0)
		all = NULL;
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return all;
}

static bool same_origin(const char *a, const char *b)
{
	char *oa = origin(a), *ob = origin(b);
	bool same = oa && ob && !strcasecmp(oa, ob);

	free(oa);
	free(ob);
	return same;
}

static bool is_redirect(const struct http_request *r)
{
	long s = r->answer.status;

	return (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) && *r->answer.location;
}

/* Returns the target of the redirect, to be freed; NULL with r->text. */
static char *follow(CURL *h, struct http_request *r, const char *from)
{
	char *to = NULL;

	curl_easy_getinfo(h, CURLINFO_REDIRECT_URL, &to);
	if (!to) {
		snprintf(r->text, CACHE_TEXT, "the server redirects without a target");
	} else if (strncasecmp(to, "http://", 7) && strncasecmp(to, "https://", 8)) {
		snprintf(r->text, CACHE_TEXT, "the server redirects to %.200s, which is not HTTP", to);
		to = NULL;
	} else if (!strncasecmp(from, "https://", 8) && strncasecmp(to, "https://", 8)) {
		snprintf(r->text, CACHE_TEXT, "the server redirects from https to http, which is not followed");
		to = NULL;
	}
	return to ? strdup(to) : NULL;
}

/* Make the request, beginning at @start.  *@end, to be freed: the address of the final answer. */
static enum fetch_result get_from(CURL *h, struct http_request *r, const char *start, char **end)
{
	char *url = strdup(start), *to;
	CURLcode rc = CURLE_OK;

	for (int i = 0; url; i++) {
		rc = perform(h, r, url, same_origin(url, r->image->address));
		if (!is_redirect(r) || rc)
			break;
		to = i < REDIRECTS_MAX ? follow(h, r, url) : NULL;
		if (i == REDIRECTS_MAX)
			snprintf(r->text, CACHE_TEXT, "the server redirects more than %d times",
				 REDIRECTS_MAX);
		free(url);
		url = to;
		if (!url)
			return FETCH_FATAL;
	}
	*end = url;
	if (!r->checked && !rc) {
		/* An answer without a body. */
		r->verdict = check_answer(r);
		r->checked = true;
	}
	if (r->checked && r->verdict != FETCH_DONE)
		return r->verdict;
	return rc ? FETCH_RETRY : FETCH_DONE;
}

enum fetch_result http_get(CURL *h, struct http_request *r)
{
	struct http_image *im = r->image;
	char *end = NULL;
	enum fetch_result result = get_from(h, r, im->place ? im->place : im->address, &end);

	/* The target of a redirect may be valid only for a short time. */
	if (result == FETCH_RETRY && im->place && strcmp(im->place, im->address) &&
	    r->answer.status >= 400 && r->answer.status < 500) {
		free(end);
		end = NULL;
		result = get_from(h, r, im->address, &end);
	}
	if (r->is_first && result == FETCH_DONE) {
		im->place = end;
		end = NULL;
	}
	free(end);
	return result;
}

int http_errno(const struct http_request *r)
{
	switch (r->answer.status) {
	case 200:
		return EOPNOTSUPP;
	case 401:
	case 403:
	case 407:
		return EACCES;
	case 404:
	case 410:
		return ENOENT;
	case 416:
		return ENODATA;
	default:
		return EIO;
	}
}
