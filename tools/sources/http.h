/* SPDX-License-Identifier: GPL-2.0 */
/*
 * http.h - shared by the files of anyfs-source-http: source-http.c opens the
 * image, http.c makes requests
 */
#ifndef ANYFS_SOURCES_HTTP_H
#define ANYFS_SOURCES_HTTP_H

#include <curl/curl.h>
#include "cache.h"

#define HTTP_FIELD	256		/* bytes that are kept of a header field */

/* The image, described by the first answer. */
struct http_image {
	const char *address;		/* the address given by the user */
	char *place;			/* the target of redirects, or a copy of address */
	struct curl_slist *headers;	/* headers of the user, or NULL */
	uint64_t size;
	char etag[HTTP_FIELD], modified[HTTP_FIELD];	/* or "" */
	unsigned int timeout_s;
};

/* The part of an answer that has arrived. */
struct http_answer {
	long status;
	bool has_range;
	uint64_t first, last, total;	/* values of Content-Range */
	char etag[HTTP_FIELD], modified[HTTP_FIELD], location[2048], encoding[32];
};

/* Receives the body, after the answer was accepted; false: stop. */
typedef bool http_sink(void *data, const void *bytes, size_t len);

struct http_request {
	struct http_image *image;
	uint64_t offset, len;		/* len 0: the whole image, without a range */
	bool is_first;			/* the image is not known yet */
	http_sink *sink;
	void *data;
	struct http_answer answer;
	bool checked;
	enum fetch_result verdict;	/* result of the check: FETCH_DONE if the answer is valid */
	uint64_t received;
	char *text;			/* CACHE_TEXT bytes: the error */
};

/* A handle for a thread; NULL: out of memory. */
CURL *http_handle(struct http_image *image);
/* Make the request, following redirects. */
enum fetch_result http_get(CURL *handle, struct http_request *r);
/* The errno for the result of the first http_get(). */
int http_errno(const struct http_request *r);

#endif /* ANYFS_SOURCES_HTTP_H */
