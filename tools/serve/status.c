// SPDX-License-Identifier: GPL-2.0
/*
 * status.c - describe a server, its shares and its clients, as text or as JSON
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "output.h"
#include "status.h"

static unsigned int seconds_since(time_t start)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec - start;
}

static bool is_readonly(const struct serve *s, const struct share *share)
{
	return !s->write || share->readonly;
}

/* ---- JSON: the members of an object, without its braces ---- */

static void json_share(FILE *out, const struct serve *s, const struct share *share)
{
	fputs("{", out);
	json_text_to(out, "name", share->name);
	fputs(", ", out);
	json_text_to(out, "image", shares_image_path(s->t, share->image_index));
	fputs(", ", out);
	json_text_to(out, "path", share->path);
	fprintf(out, ", \"readonly\": %s, \"hidden\": %s, ",
		is_readonly(s, share) ? "true" : "false", share->hidden ? "true" : "false");
	json_text_to(out, "comment", share->comment);
	putc('}', out);
}

static void json_optional(FILE *out, const char *key, const char *text)
{
	fputs(", ", out);
	if (text && *text)
		json_text_to(out, key, text);
	else
		fprintf(out, "\"%s\": null", key);
}

/* @names: like shares of struct status_client; the newlines are changed. */
static void json_client_shares(FILE *out, char *names)
{
	const char *separator = "", *name;

	fputs(", \"shares\": [", out);
	while ((name = strsep(&names, "\n"))) {
		fprintf(out, "%s{", separator);
		json_text_to(out, "name", name);
		putc('}', out);
		separator = ", ";
	}
	putc(']', out);
}

static void json_client(FILE *out, const struct serve *s, const struct status_client *c)
{
	fputs("{", out);
	json_text_to(out, "address", c->splice.name);
	json_optional(out, "version", c->splice.version);
	json_optional(out, s->users ? "user" : "name", c->name);
	fprintf(out, ", \"seconds\": %u, \"received\": %" PRIu64 ", \"sent\": %" PRIu64,
		c->splice.seconds, c->splice.received, c->splice.sent);
	if (c->open_files >= 0)
		fprintf(out, ", \"open_files\": %ld", c->open_files);
	else
		fputs(", \"open_files\": null", out);
	if (s->users)
		json_client_shares(out, c->shares);
	putc('}', out);
}

static void describe_json(FILE *out, const struct serve *s,
			  const struct status_client *list, size_t nr)
{
	json_text_to(out, "program", s->t->program);
	fprintf(out, ", \"pid\": %d, ", s->pid);
	json_text_to(out, "address", s->listeners.address);
	fprintf(out, ", \"readonly\": %s, \"seconds\": %u,\n\"shares\": [",
		s->write ? "false" : "true", seconds_since(s->start));
	for (size_t i = 0; i < s->shares.nr; i++) {
		fputs(i ? ",\n" : "\n", out);
		json_share(out, s, &s->shares.list[i]);
	}
	fputs("],\n\"clients\": [", out);
	for (size_t i = 0; i < nr; i++) {
		fputs(i ? ",\n" : "\n", out);
		json_client(out, s, &list[i]);
	}
	fputs("]", out);
}

/* ---- Text ---- */

static void print_escaped(FILE *out, const char *text)
{
	char *safe = escape_text(text, false);

	fputs(safe ? safe : "?", out);
	free(safe);
}

static void text_share(FILE *out, const struct serve *s, const struct share *share)
{
	fputs("  ", out);
	print_escaped(out, share->name);
	fputs(is_readonly(s, share) ? " (read-only): " : " (writable): ", out);
	print_escaped(out, shares_image_path(s->t, share->image_index));
	print_escaped(out, share->path);
	if (*share->comment) {
		fputs("  ", out);
		print_escaped(out, share->comment);
	}
	putc('\n', out);
}

/* The kernel's SMB server does not report open files: that column is for NFS only. */
static void text_client(FILE *out, const struct serve *s, const struct status_client *c)
{
	char received[16], sent[16], *names = c->shares;
	const char *name;

	format_size(c->splice.received, received, sizeof(received));
	format_size(c->splice.sent, sent, sizeof(sent));
	fprintf(out, "  %-24s %-7s %8u %8s %8s ", c->splice.name,
		*c->splice.version ? c->splice.version : "-", c->splice.seconds, received, sent);
	if (!s->users && c->open_files >= 0)
		fprintf(out, "%5ld ", c->open_files);
	else if (!s->users)
		fprintf(out, "%5s ", "-");
	print_escaped(out, c->name ? c->name : "-");
	for (const char *at = " "; (name = strsep(&names, "\n")); at = ",") {
		fputs(at, out);
		print_escaped(out, name);
	}
	putc('\n', out);
}

static void describe_text(FILE *out, const struct serve *s,
			  const struct status_client *list, size_t nr)
{
	fprintf(out, "%s, process %d: ", s->t->program, s->pid);
	print_escaped(out, s->listeners.address);
	fprintf(out, ", %s, for %u seconds\nShares:\n", s->write ? "writable" : "read-only",
		seconds_since(s->start));
	for (size_t i = 0; i < s->shares.nr; i++)
		text_share(out, s, &s->shares.list[i]);
	fprintf(out, "Clients: %zu\n", nr);
	if (nr)
		fprintf(out, "  %-24s %-7s %8s %8s %8s %s\n", "ADDRESS", "VERSION", "SECONDS",
			"RECEIVED", "SENT", s->users ? "USER SHARES" : " OPEN NAME");
	for (size_t i = 0; i < nr; i++)
		text_client(out, s, &list[i]);
}

/* ---- The clients ---- */

static struct status_client *list_clients(struct serve *s, size_t *nr)
{
	struct splice_client *found = splice_clients(nr);
	struct status_client *list = found ? calloc(*nr + 1, sizeof(*list)) : NULL;

	for (size_t i = 0; list && i < *nr; i++)
		list[i] = (struct status_client){ .splice = found[i], .open_files = -1 };
	if (list && s->describe)
		s->describe(s, list, *nr);
	free(found);
	return list;
}

char *status_describe(struct serve *s, bool json)
{
	char *text = NULL;
	size_t len, nr;
	struct status_client *list = list_clients(s, &nr);
	FILE *out = list ? open_memstream(&text, &len) : NULL;

	if (out) {
		(json ? describe_json : describe_text)(out, s, list, nr);
		fclose(out);
	}
	for (size_t i = 0; list && i < nr; i++) {
		free(list[i].name);
		free(list[i].shares);
	}
	free(list);
	return text;
}
