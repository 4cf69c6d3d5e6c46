// SPDX-License-Identifier: GPL-2.0
/*
 * parse-pipes.c - fuzz the named pipes of the SMB server
 *
 * The first byte of the input says which pipe, and whether the client is a guest.  Then come
 * messages of the client, each after its length in two bytes.
 */
#include <stdlib.h>
#include <string.h>
#include "ksmbd.h"
#include "parser.h"
#include "tester.h"

#define HANDLE		15
#define LENGTH_AT	8	/* of a message, in its header */
#define ANSWERS_MAX	1000	/* fragments of one answer */

static struct ksmbd server = {
	.users = { { .name = "alice" }, { .name = "Bob" } }, .nr_users = 2, .domain = { 1, 2, 3 },
};

static const uint32_t pipes[] = { RPC_SRVSVC, RPC_WKSSVC, RPC_SAMR, RPC_LSARPC };

/* Returns the result, and the number of bytes that were answered. */
static uint32_t send_request(uint32_t flags, const uint8_t *data, size_t size, uint32_t *answered)
{
	struct rpc_message *request = calloc(1, sizeof(*request) + size), *answer;
	uint32_t result;
	size_t len;

	if (!request)
		die("out of memory");
	*request = (struct rpc_message){ .handle = HANDLE, .flags = flags, .size = size };
	if (size)
		memcpy(request->data, data, size);
	answer = pipe_request(&server, request, &len);
	if (!answer || len != sizeof(*answer) + answer->size)
		die("no answer, or one of a wrong size");
	result = answer->flags;
	*answered = answer->size;
	free(answer);
	free(request);
	return result;
}

static bool send_requests(uint32_t flags, const uint8_t *data, size_t len)
{
	uint32_t answered;

	while (len >= 2) {
		size_t size = data[0] | data[1] << 8;

		size = size < len - 2 ? size : len - 2;
		if (send_request(flags | RPC_IOCTL, data + 2, size, &answered) != RPC_OK)
			return false;
		for (int i = 0; answered; i++) {
			if (i == ANSWERS_MAX)
				die("an answer without end");
			send_request(flags | RPC_READ, NULL, 0, &answered);
		}
		data += 2 + size;
		len -= 2 + size;
	}
	return true;
}

static void add_shares(void)
{
	static char comment[] = "a comment";
	struct shares *shares = &server.serve.shares;

	while (shares->nr < 20) {
		struct share *s = &shares->list[shares->nr++];

		snprintf(s->name, sizeof(s->name), "share-%zu", shares->nr);
		s->comment = comment;
	}
}

static bool parse(const uint8_t *data, size_t len)
{
	uint32_t flags = pipes[*data & 3] | (*data & 4 ? RPC_RESTRICTED : 0), answered;
	bool accepted;

	add_shares();
	if (send_request(flags | RPC_OPEN, NULL, 0, &answered) != RPC_OK)
		die("the pipe does not open");
	accepted = send_requests(flags, data + 1, len - 1);
	send_request(flags | RPC_CLOSE, NULL, 0, &answered);
	return accepted;
}

static void repair(uint8_t *data, size_t len)
{
	size_t at = 1;

	while (len - at > 2 + LENGTH_AT + 1) {
		size_t size = data[at] | data[at + 1] << 8;

		data[at + 2 + LENGTH_AT] = size;
		data[at + 2 + LENGTH_AT + 1] = size >> 8;
		if (size > len - at - 2)
			break;
		at += 2 + size;
	}
}

const struct parser parser = { .parse = parse, .repair = repair };
