// SPDX-License-Identifier: GPL-2.0
/*
 * handles.c - handles that clients get from lsarpc and samr, and pass to further calls
 *
 * A handle has 20 bytes.  Ours are zeros except for a number, and are valid on the pipe on which
 * they were opened.
 */
#include "rpc.h"

#define HANDLE_SIZE	20u

static void write_handle(struct ndr *out, uint32_t number)
{
	static const uint8_t rest[HANDLE_SIZE - 8];

	ndr_write32(out, 0);
	ndr_write32(out, number);
	ndr_write(out, rest, sizeof(rest));
}

static uint32_t read_number(struct ndr *in)
{
	uint32_t number;

	ndr_read32(in);
	number = ndr_read32(in);
	ndr_skip(in, HANDLE_SIZE - 8);
	return number;
}

void handle_refuse(struct rpc_call *c, uint32_t status)
{
	write_handle(c->out, 0);
	ndr_write32(c->out, status);
}

void handle_answer(struct rpc_call *c, enum handle_kind kind, uint32_t value)
{
	struct rpc_handles *handles = c->handles;

	for (size_t i = 0; i < RPC_HANDLES_MAX; i++) {
		struct rpc_handle *h = &handles->list[i];

		if (h->kind != HANDLE_NONE)
			continue;
		*h = (struct rpc_handle){ kind, ++handles->last, value };
		write_handle(c->out, h->number);
		ndr_write32(c->out, STATUS_OK);
		return;
	}
	handle_refuse(c, STATUS_NO_RESOURCES);
}

static struct rpc_handle *find_handle(struct rpc_call *c, uint32_t number)
{
	for (size_t i = 0; i < RPC_HANDLES_MAX; i++) {
		struct rpc_handle *h = &c->handles->list[i];

		if (h->kind != HANDLE_NONE && h->number == number)
			return h;
	}
	c->fault = FAULT_BAD_HANDLE;
	return NULL;
}

struct rpc_handle *handle_read(struct rpc_call *c, enum handle_kind kind)
{
	struct rpc_handle *h = find_handle(c, read_number(c->in));

	if (!h || h->kind == kind)
		return h;
	c->fault = FAULT_BAD_HANDLE;
	return NULL;
}

void handle_close(struct rpc_call *c)
{
	struct rpc_handle *h = find_handle(c, read_number(c->in));

	if (!h)
		return;
	h->kind = HANDLE_NONE;
	write_handle(c->out, 0);
	ndr_write32(c->out, STATUS_OK);
}
