// SPDX-License-Identifier: GPL-2.0
/*
 * pipe.c - named pipes, over which clients call functions with DCE/RPC
 *
 * A client binds to an interface of the pipe and calls its functions.  Each write of the client is
 * a fragment of a call, and the last one gets the answer, in fragments; each read returns one.
 */
#include <stdlib.h>
#include <string.h>
#include "rpc.h"

#define PIPES_MAX	256
#define CONTEXTS_MAX	8		/* interfaces that are bound on one pipe */
#define RECEIVED_MAX	4096u		/* bytes; the kernel drops larger fragments of clients */
/*
 * The kernel cuts a fragment that is longer than the client accepts in one message, and drops the
 * rest.  Windows accepts 1024 bytes.
 */
#define SENT_MAX	1024u
#define HEADER_SIZE	16u
#define ARGUMENTS_MAX	(64u << 10)	/* bytes of all fragments of a call */
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
	uint32_t call;			/* number of the last call */
	uint16_t context, function;	/* numbers of the last call */
	bool incomplete;		/* the last fragment of the call has not come yet */
	struct ndr arguments;		/* of the call */
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
			.used = true, .handle = request->handle,
			.name = request->flags & RPC_PIPES,
		};
		return pipes[i].name ? RPC_OK : RPC_NOT_IMPLEMENTED;
	}
	return RPC_NO_MEMORY;
}

static void close_pipe(struct pipe *p)
{
	ndr_free(&p->arguments);
	ndr_free(&p->answer);
	p->used = false;
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
	uint32_t nr;

	ndr_read32(in);			/* maximum fragments of the client */
	ndr_read32(in);			/* association group */
	nr = ndr_read32(in) & 0xff;
	ndr_write16(out, RECEIVED_MAX);
	ndr_write16(out, RECEIVED_MAX);
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

static void call_function(struct ksmbd *k, struct pipe *p, bool guest)
{
	const struct rpc_function *f = find_function(p, p->function);
	struct rpc_call c = {
		.k = k, .in = &p->arguments, .out = &p->answer, .handles = &p->handles,
		.guest = guest,
	};

	p->type = RESPONSE;
	if (f)
		f->fn(&c);
	else
		c.fault = FAULT_NO_FUNCTION;
	if (!c.fault && p->arguments.failed)
		c.fault = FAULT_BAD_STUB;
	if (c.fault)
		set_fault(p, c.fault);
}

static void end_call(struct pipe *p)
{
	ndr_free(&p->arguments);
	p->incomplete = false;
}

/* Add a fragment to the arguments.  Alignment counts from the first argument of the call. */
static bool add_fragment(struct pipe *p, struct ndr *in, unsigned int flags, uint32_t number)
{
	uint16_t context, function;

	ndr_read32(in);			/* size of the arguments, a hint */
	context = ndr_read16(in);
	function = ndr_read16(in);
	if (flags & FIRST_FRAGMENT) {
		end_call(p);
		p->call = number;
		p->context = context;
		p->function = function;
	} else if (!p->incomplete || number != p->call) {
		return false;
	}
	if (in->failed || p->arguments.len + ndr_rest(in) > ARGUMENTS_MAX)
		return false;
	ndr_write(&p->arguments, in->data + in->pos, ndr_rest(in));
	p->incomplete = !(flags & LAST_FRAGMENT);
	return true;
}

static bool handle_call(struct ksmbd *k, struct pipe *p, struct ndr *in, unsigned int flags,
			uint32_t number, bool guest)
{
	bool valid = add_fragment(p, in, flags, number);

	if (valid && p->incomplete)
		return true;
	if (valid)
		call_function(k, p, guest);
	end_call(p);
	return valid;
}

static bool handle_bind(struct pipe *p, struct ndr *in, enum packet_type type, uint32_t number)
{
	end_call(p);
	p->call = number;
	p->type = type == BIND ? BIND_ACK : ALTER_ACK;
	answer_bind(p, in, &p->answer);
	return !in->failed;
}

/* Parse a message of the client.  False if it is invalid. */
static bool handle_message(struct ksmbd *k, struct pipe *p, const struct rpc_message *request)
{
	const uint8_t *data = request->data;
	size_t len = request->size;
	struct ndr in = { .data = (uint8_t *)data, .len = len, .pos = HEADER_SIZE };
	unsigned int flags;
	uint32_t number;

	ndr_free(&p->answer);
	/* Require version 5, little endian, no signature. */
	if (len < HEADER_SIZE || data[0] != 5 || data[4] != 0x10 ||
	    (data[8] | data[9] << 8) != len || data[10] || data[11])
		return false;
	flags = data[3] & (FIRST_FRAGMENT | LAST_FRAGMENT);
	memcpy(&number, data + 12, sizeof(number));
	if (data[2] == REQUEST)
		return handle_call(k, p, &in, flags, number, request->flags & RPC_RESTRICTED);
	if ((data[2] == BIND || data[2] == ALTER) && flags == (FIRST_FRAGMENT | LAST_FRAGMENT))
		return handle_bind(p, &in, data[2], number);
	return false;
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
	size_t now = whole || rest <= SENT_MAX - head ? rest : (SENT_MAX - head) & ~7u;
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
		if (p)
			close_pipe(p);
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
