// SPDX-License-Identifier: GPL-2.0
/*
 * pipe.c - named pipes, over which clients call functions with DCE/RPC
 *
 * A client binds to an interface of the pipe and calls its functions.  Each message of the
 * client gets one answer, in fragments of the size that the client accepts; each read returns
 * one fragment.  A message of the client in several fragments is refused: all supported calls
 * are short.
 */
#include <stdlib.h>
#include <string.h>
#include "rpc.h"

#define PIPES_MAX	256
#define CONTEXTS_MAX	8		/* interfaces that are bound on one pipe */
#define FRAGMENT_MIN	1024u		/* bytes; smaller fragments are not used */
#define FRAGMENT_MAX	4280u		/* maximum of Windows */
#define HEADER_SIZE	16u
#define RESPONSE_HEAD	24u		/* bytes in front of the results, header included */

enum packet_type { REQUEST = 0, RESPONSE = 2, FAULT = 3, BIND = 11, BIND_ACK = 12, ALTER = 14,
		   ALTER_ACK = 15 };

#define FIRST_FRAGMENT	1u
#define LAST_FRAGMENT	2u

struct pipe {
	bool used;
	uint32_t handle;
	uint32_t name;			/* RPC_SRVSVC ... */
	struct {
		uint16_t number;	/* that the client uses in calls */
		const struct rpc_interface *interface;
	} contexts[CONTEXTS_MAX];
	size_t nr_contexts;
	struct rpc_handles handles;
	uint32_t fragment;		/* maximum bytes of a fragment to the client */
	uint32_t call;			/* number of the last call */
	uint16_t context;
	enum packet_type type;		/* of the answer */
	struct ndr answer;		/* body after the header; sent up to pos */
};

static struct pipe pipes[PIPES_MAX];

static struct pipe *find_pipe(uint32_t handle)
{
	for (size_t i = 0; i < PIPES_MAX; i++)
		if (pipes[i].used && pipes[i].handle == handle)
			return &pipes[i];
	return NULL;
}

static uint32_t open_pipe(const struct rpc_message *request)
{
	for (size_t i = 0; i < PIPES_MAX; i++) {
		if (pipes[i].used)
			continue;
		pipes[i] = (struct pipe){
			.used = true, .handle = request->handle, .fragment = FRAGMENT_MAX,
			.name = request->flags & RPC_PIPES,
		};
		return pipes[i].name ? RPC_OK : RPC_NOT_IMPLEMENTED;
	}
	return RPC_NO_MEMORY;
}

/* ---- Binding ---- */

/* The supported marshalling, NDR 2.0, and the first 8 bytes of a feature negotiation. */
static const uint8_t ndr32[20] = {
	0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8,
	0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 0x02, 0x00, 0x00, 0x00,
};
static const uint8_t features[8] = { 0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45 };

#define ACCEPTED	0
#define REJECTED	2
#define NEGOTIATED	3
#define NO_INTERFACE	1	/* reasons: the pipe does not have the interface ... */
#define NO_TRANSFER	2	/* or supports none of the offered transfer syntaxes */

static const struct rpc_interface *const interfaces[] = {
	&rpc_srvsvc, &rpc_wkssvc, &rpc_lsarpc, &rpc_dssetup, &rpc_samr,
};
#define NR_INTERFACES	(sizeof(interfaces) / sizeof(interfaces[0]))

/* Read the identifier and the version of an interface.  NULL if the pipe does not have it. */
static const struct rpc_interface *read_interface(const struct pipe *p, struct ndr *in)
{
	const uint8_t *id = in->data + in->pos;
	uint32_t version;

	ndr_skip(in, sizeof(interfaces[0]->id));
	version = ndr_read32(in);
	for (size_t i = 0; i < NR_INTERFACES && !in->failed; i++)
		if (interfaces[i]->pipe == p->name && interfaces[i]->version == version &&
		    !memcmp(interfaces[i]->id, id, sizeof(interfaces[i]->id)))
			return interfaces[i];
	return NULL;
}

/* Remember that @number means @interface in calls.  False if there are too many. */
static bool add_context(struct pipe *p, uint16_t number, const struct rpc_interface *interface)
{
	size_t i = 0;

	while (i < p->nr_contexts && p->contexts[i].number != number)
		i++;
	if (i == CONTEXTS_MAX)
		return false;
	p->contexts[i].number = number;
	p->contexts[i].interface = interface;
	if (i == p->nr_contexts)
		p->nr_contexts++;
	return true;
}

/*
 * Read @nr transfer syntaxes.  Returns ACCEPTED if one is supported, NEGOTIATED if one is a
 * feature negotiation, else REJECTED.
 */
static unsigned int read_transfers(struct ndr *in, unsigned int nr)
{
	unsigned int result = REJECTED;

	for (unsigned int i = 0; i < nr; i++) {
		const uint8_t *syntax = in->data + in->pos;

		ndr_skip(in, sizeof(ndr32));
		if (in->failed)
			return REJECTED;
		if (!memcmp(syntax, ndr32, sizeof(ndr32)))
			result = ACCEPTED;
		else if (result != ACCEPTED && !memcmp(syntax, features, sizeof(features)))
			result = NEGOTIATED;
	}
	return result;
}

/* Answer one presentation context of a bind. */
static void bind_context(struct pipe *p, struct ndr *in, struct ndr *out)
{
	static const uint8_t none[sizeof(ndr32)];
	uint16_t number = ndr_read16(in);
	unsigned int nr = ndr_read16(in) & 0xff, reason = 0;
	const struct rpc_interface *interface = read_interface(p, in);
	unsigned int result = read_transfers(in, nr);

	if (result == REJECTED)
		reason = NO_TRANSFER;
	if (result == ACCEPTED && (!interface || !add_context(p, number, interface))) {
		result = REJECTED;
		reason = NO_INTERFACE;
	}
	ndr_write16(out, result);
	ndr_write16(out, reason);
	ndr_write(out, result == ACCEPTED ? ndr32 : none, sizeof(ndr32));
}

static const char *pipe_name(const struct pipe *p)
{
	size_t i = 0;

	while (interfaces[i]->pipe != p->name)
		i++;
	return interfaces[i]->pipe_name;
}

static void answer_bind(struct pipe *p, struct ndr *in, struct ndr *out)
{
	const char *name = pipe_name(p);
	uint32_t takes, nr;

	ndr_read16(in);			/* maximum fragment of the client */
	takes = ndr_read16(in);
	ndr_read32(in);			/* association group */
	nr = ndr_read32(in) & 0xff;
	p->fragment = takes < FRAGMENT_MIN ? FRAGMENT_MIN :
		      takes > FRAGMENT_MAX ? FRAGMENT_MAX : takes;
	ndr_write16(out, FRAGMENT_MAX);
	ndr_write16(out, FRAGMENT_MAX);
	ndr_write32(out, 0x1000);	/* association group: any number but 0 */
	ndr_write16(out, strlen(name) + 1);
	ndr_write(out, name, strlen(name) + 1);
	ndr_align(out, 4);
	ndr_write32(out, nr);
	for (uint32_t i = 0; i < nr && !in->failed; i++)
		bind_context(p, in, out);
}

/* ---- Calls ---- */

static void set_fault(struct pipe *p, uint32_t status)
{
	struct ndr *out = &p->answer;

	p->type = FAULT;
	out->len = out->pos = 0;
	out->failed = false;
	ndr_write32(out, status);
	ndr_write32(out, 0);
}

static const struct rpc_function *find_function(const struct pipe *p, unsigned int number)
{
	const struct rpc_function *f;

	for (size_t i = 0; i < p->nr_contexts; i++) {
		if (p->contexts[i].number != p->context)
			continue;
		for (f = p->contexts[i].interface->functions; f->fn; f++)
			if (f->number == number)
				return f;
	}
	return NULL;
}

static void call_function(struct ksmbd *k, struct pipe *p, struct ndr *in, bool guest)
{
	const struct rpc_function *f;
	struct ndr arguments;
	struct rpc_call c = {
		.k = k, .in = &arguments, .out = &p->answer, .handles = &p->handles,
		.guest = guest,
	};

	ndr_read32(in);			/* size of the arguments, a hint */
	p->context = ndr_read16(in);
	f = find_function(p, ndr_read16(in));
	p->type = RESPONSE;
	/* Alignment counts from the first argument. */
	arguments = (struct ndr){ .data = in->data + in->pos, .len = in->len - in->pos,
				  .failed = in->failed };
	if (f)
		f->fn(&c);
	else
		c.fault = FAULT_NO_FUNCTION;
	if (!c.fault && arguments.failed)
		c.fault = FAULT_BAD_STUB;
	if (c.fault)
		set_fault(p, c.fault);
}

/* Parse a message of the client.  False if it is invalid. */
static bool handle_message(struct ksmbd *k, struct pipe *p, const struct rpc_message *request)
{
	const uint8_t *data = request->data;
	size_t len = request->size;
	struct ndr in = { .data = (uint8_t *)data, .len = len, .pos = HEADER_SIZE };

	ndr_free(&p->answer);
	/* Require version 5, a single fragment, little endian, no signature. */
	if (len < HEADER_SIZE || data[0] != 5 ||
	    (data[3] & 3) != (FIRST_FRAGMENT | LAST_FRAGMENT) || data[4] != 0x10 ||
	    (data[8] | data[9] << 8) != len || data[10] || data[11])
		return false;
	memcpy(&p->call, data + 12, sizeof(p->call));
	switch (data[2]) {
	case BIND:
	case ALTER:
		p->type = data[2] == BIND ? BIND_ACK : ALTER_ACK;
		answer_bind(p, &in, &p->answer);
		return !in.failed;
	case REQUEST:
		call_function(k, p, &in, request->flags & RPC_RESTRICTED);
		return true;
	default:
		return false;
	}
}

/* ---- Answers ---- */

static void write_header(struct ndr *out, const struct pipe *p, unsigned int flags, size_t len)
{
	const uint8_t head[] = { 5, 0, p->type, flags, 0x10, 0, 0, 0 };

	ndr_write(out, head, sizeof(head));
	ndr_write16(out, len);
	ndr_write16(out, 0);
	ndr_write32(out, p->call);
}

/* Append the next fragment of the answer to @out. */
static void append_fragment(struct pipe *p, struct ndr *out)
{
	struct ndr *a = &p->answer;
	bool whole = p->type == BIND_ACK || p->type == ALTER_ACK;
	size_t head = whole ? HEADER_SIZE : RESPONSE_HEAD, rest = a->len - a->pos;
	size_t now = whole || rest <= p->fragment - head ? rest : (p->fragment - head) & ~7u;
	unsigned int flags = (a->pos ? 0 : FIRST_FRAGMENT) | (now == rest ? LAST_FRAGMENT : 0);

	write_header(out, p, flags, head + now);
	if (!whole) {
		ndr_write32(out, rest);
		ndr_write16(out, p->context);
		ndr_write16(out, 0);
	}
	ndr_write(out, a->data + a->pos, now);
	a->pos += now;
	if (a->pos == a->len)
		ndr_free(a);
}

static uint32_t handle_data(struct ksmbd *k, struct pipe *p, const struct rpc_message *request,
			    struct ndr *out)
{
	if (!p)
		return RPC_BAD_FID;
	if (request->flags & (RPC_WRITE | RPC_IOCTL) && !handle_message(k, p, request))
		return RPC_NOT_IMPLEMENTED;
	if (p->answer.failed)
		return RPC_NO_MEMORY;
	if (request->flags & (RPC_READ | RPC_IOCTL) && p->answer.len)
		append_fragment(p, out);
	return RPC_OK;
}

struct rpc_message *pipe_request(struct ksmbd *k, const struct rpc_message *request, size_t *len)
{
	struct pipe *p = find_pipe(request->handle);
	struct rpc_message *answer;
	struct ndr out = { 0 };
	uint32_t result = RPC_OK;

	if (request->flags & RPC_OPEN) {
		result = open_pipe(request);
	} else if (request->flags & RPC_CLOSE) {
		if (p) {
			ndr_free(&p->answer);
			p->used = false;
		}
	} else {
		result = handle_data(k, p, request, &out);
	}
	*len = sizeof(*answer) + out.len;
	answer = out.failed ? NULL : calloc(1, *len);
	if (answer) {
		*answer = (struct rpc_message){ .handle = request->handle, .flags = result,
						.size = out.len };
		if (out.len)
			memcpy(answer->data, out.data, out.len);
	}
	ndr_free(&out);
	return answer;
}
