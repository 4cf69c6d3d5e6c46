// SPDX-License-Identifier: GPL-2.0
/*
 * services.c - the functions of the pipes srvsvc and wkssvc (MS-SRVS, MS-WKST)
 *
 * Clients call them to list shares and to show the server.
 */
#include <string.h>
#include <strings.h>
#include "rpc.h"

#define OK			0u
#define BAD_LEVEL		124u	/* error codes of Windows */
#define NO_SHARE		2310u

#define TYPE_DISK		0u
#define TYPE_PIPES		0x80000003u	/* named pipes, hidden */
#define PLATFORM_NT		500u
#define VERSION_MAJOR		10u
#define SERVER_TYPE		0x9003u	/* workstation, server, NT, with a server's services */

struct entry {
	const char *name, *comment;
	uint32_t type;
};

/* Skip the name of the server, a pointer and its target. */
static void skip_server_name(struct ndr *in)
{
	char name[RPC_NAME_SIZE];

	if (ndr_read32(in))
		ndr_read_string(in, name, sizeof(name));
}

/* Get share @i, listed or hidden; the last one is IPC$.  False after it. */
static bool get_entry(const struct ksmbd *k, size_t i, struct entry *e)
{
	const struct shares *s = &k->serve.shares;

	if (i > s->nr)
		return false;
	if (i == s->nr)
		*e = (struct entry){ "IPC$", "Remote IPC", TYPE_PIPES };
	else
		*e = (struct entry){ s->list[i].name, s->list[i].comment, TYPE_DISK };
	return true;
}

static bool is_listed(const struct ksmbd *k, size_t i)
{
	return i >= k->serve.shares.nr || !k->serve.shares.list[i].hidden;
}

/* Write the fixed part of SHARE_INFO_0 or SHARE_INFO_1; write_strings() writes its strings. */
static void write_fixed(struct ndr *out, const struct entry *e, uint32_t level)
{
	ndr_write_pointer(out);
	if (level == 0)
		return;
	ndr_write32(out, e->type);
	ndr_write_pointer(out);
}

static void write_strings(struct ndr *out, const struct entry *e, uint32_t level)
{
	ndr_write_string(out, e->name);
	if (level == 1)
		ndr_write_string(out, e->comment);
}

static void write_list(const struct ksmbd *k, struct ndr *out, uint32_t level, uint32_t nr)
{
	struct entry e;

	ndr_begin_array(out, nr);
	for (size_t i = 0; get_entry(k, i, &e); i++)
		if (is_listed(k, i))
			write_fixed(out, &e, level);
	for (size_t i = 0; get_entry(k, i, &e); i++)
		if (is_listed(k, i))
			write_strings(out, &e, level);
}

/* NetrShareEnum: everything at once, so there is nothing to resume. */
static void share_enum(struct rpc_call *c)
{
	const struct ksmbd *k = c->k;
	struct ndr *in = c->in, *out = c->out;
	uint32_t level, nr = 0;
	struct entry e;

	skip_server_name(in);
	level = ndr_read32(in);
	for (size_t i = 0; get_entry(k, i, &e); i++)
		nr += is_listed(k, i);
	ndr_write32(out, level);
	ndr_write32(out, level);
	if (level > 1) {
		ndr_write32(out, 0);
		nr = 0;
	} else {
		ndr_write_pointer(out);
		write_list(k, out, level, nr);
	}
	ndr_write32(out, nr);
	ndr_write32(out, 0);
	ndr_write32(out, level > 1 ? BAD_LEVEL : OK);
}

/* NetrShareGetInfo */
static void share_info(struct rpc_call *c)
{
	const struct ksmbd *k = c->k;
	struct ndr *in = c->in, *out = c->out;
	char name[RPC_NAME_SIZE];
	struct entry e;
	uint32_t level;
	size_t i = 0;

	skip_server_name(in);
	ndr_read_string(in, name, sizeof(name));
	level = ndr_read32(in);
	while (get_entry(k, i, &e) && strcasecmp(e.name, name))
		i++;
	ndr_write32(out, level);
	if (level > 1 || !get_entry(k, i, &e)) {
		ndr_write32(out, 0);
		ndr_write32(out, level > 1 ? BAD_LEVEL : NO_SHARE);
		return;
	}
	ndr_write_pointer(out);
	write_fixed(out, &e, level);
	write_strings(out, &e, level);
	ndr_write32(out, OK);
}

/*
 * Begin the answer to a request for information about this machine: the level, which must be 100
 * to @last, and the platform.  Returns 0 after refusing another level.
 */
static uint32_t begin_info(struct ndr *in, struct ndr *out, uint32_t last)
{
	uint32_t level;

	skip_server_name(in);
	level = ndr_read32(in);
	ndr_write32(out, level);
	if (level < 100 || level > last) {
		ndr_write32(out, 0);
		ndr_write32(out, BAD_LEVEL);
		return 0;
	}
	ndr_write_pointer(out);
	ndr_write32(out, PLATFORM_NT);
	return level;
}

/* NetrServerGetInfo */
static void server_info(struct rpc_call *c)
{
	struct ndr *out = c->out;
	uint32_t level = begin_info(c->in, out, 101);

	if (!level)
		return;
	ndr_write_pointer(out);
	if (level == 101) {
		ndr_write32(out, VERSION_MAJOR);
		ndr_write32(out, 0);
		ndr_write32(out, SERVER_TYPE);
		ndr_write_pointer(out);
	}
	ndr_write_string(out, SERVER_NAME);
	if (level == 101)
		ndr_write_string(out, "anyfs");
	ndr_write32(out, OK);
}

/* NetrWkstaGetInfo */
static void workstation_info(struct rpc_call *c)
{
	struct ndr *out = c->out;

	if (!begin_info(c->in, out, 100))
		return;
	ndr_write_pointer(out);
	ndr_write_pointer(out);
	ndr_write32(out, VERSION_MAJOR);
	ndr_write32(out, 0);
	ndr_write_string(out, SERVER_NAME);
	ndr_write_string(out, WORK_GROUP);
	ndr_write32(out, OK);
}

static const struct rpc_function server_functions[] = {
	{ 15, share_enum },
	{ 16, share_info },
	{ 21, server_info },
	{ 0, NULL },
};

const struct rpc_interface rpc_srvsvc = {
	.id = { 0xc8, 0x4f, 0x32, 0x4b, 0x70, 0x16, 0xd3, 0x01, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e,
		0xe1, 0x88 },
	.version = 3, .pipe = RPC_SRVSVC, .pipe_name = "\\PIPE\\srvsvc",
	.functions = server_functions,
};

static const struct rpc_function workstation_functions[] = {
	{ 0, workstation_info },
	{ 0, NULL },
};

const struct rpc_interface rpc_wkssvc = {
	.id = { 0x98, 0xd0, 0xff, 0x6b, 0x12, 0xa1, 0x10, 0x36, 0x98, 0x33, 0x46, 0xc3, 0xf8, 0x7e,
		0x34, 0x5a },
	.version = 1, .pipe = RPC_WKSSVC, .pipe_name = "\\PIPE\\wkssvc",
	.functions = workstation_functions,
};
