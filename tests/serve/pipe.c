// SPDX-License-Identifier: GPL-2.0
/*
 * The named pipes of the SMB server answer with a list of shares, in fragments that each client can
 * take in one message, and damaged messages are refused or answered without harm.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "ksmbd.h"
#include "ndr.h"
#include "tester.h"

#define ROUNDS	200000		/* damaged messages */

static struct ksmbd server;

/* A bind that offers 32-bit marshalling; the client accepts fragments of 4280 bytes. */
static const uint8_t bind_message[72] = {
	5, 0, 11, 3, 0x10, 0, 0, 0, 72, 0, 0, 0, 1, 0, 0, 0,
	0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0,
	0xc8, 0x4f, 0x32, 0x4b, 0x70, 0x16, 0xd3, 0x01, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1,
	0x88, 3, 0, 0, 0,
	0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48,
	0x60, 2, 0, 0, 0,
};

/* NetrShareEnum of level 1, without the name of a server. */
static const uint8_t enum_message[48] = {
	5, 0, 0, 3, 0x10, 0, 0, 0, 48, 0, 0, 0, 7, 0, 0, 0,
	24, 0, 0, 0, 0, 0, 15, 0,
	0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
};

static struct rpc_message *ask(uint32_t handle, uint32_t flags, const uint8_t *data, size_t size)
{
	struct rpc_message *request = calloc(1, sizeof(*request) + size), *answer;
	size_t len;

	*request = (struct rpc_message){ .handle = handle, .flags = flags, .size = size };
	if (size)
		memcpy(request->data, data, size);
	answer = pipe_request(&server, request, &len);
	assert_non_null(answer);
	assert_int_equal(len, sizeof(*answer) + answer->size);
	assert_int_equal(answer->handle, handle);
	free(request);
	return answer;
}

/* Like ask(); the result must be @result. */
static void expect_result(uint32_t handle, uint32_t flags, const uint8_t *data, size_t size,
			  uint32_t result)
{
	struct rpc_message *answer = ask(handle, flags, data, size);

	assert_int_equal(answer->flags, result);
	free(answer);
}

static void open_bound(uint32_t handle)
{
	struct rpc_message *answer;

	expect_result(handle, RPC_OPEN | RPC_SRVSVC, NULL, 0, RPC_OK);
	answer = ask(handle, RPC_IOCTL, bind_message, sizeof(bind_message));
	assert_int_equal(answer->flags, RPC_OK);
	assert_int_equal(answer->data[2], 12);
	assert_int_equal(answer->data[8] | answer->data[9] << 8, answer->size);
	free(answer);
}

static bool has_utf16(const uint8_t *data, size_t len, const char *ascii)
{
	uint8_t wide[64];
	size_t size = utf16_from(ascii, wide, sizeof(wide));

	return memmem(data, len, wide, size);
}

static void the_list_of_shares_is_sent_in_fragments(void **state)
{
	struct rpc_message *answer;
	unsigned int fragments = 0, flags = 0, listed = 0, seen_hidden = 0;

	open_bound(1);
	answer = ask(1, RPC_IOCTL, enum_message, sizeof(enum_message));
	for (;;) {
		assert_int_equal(answer->flags, RPC_OK);
		assert_true(answer->size > 24 && answer->size <= 1024);
		assert_int_equal(answer->data[2], 2);
		assert_int_equal(answer->data[12], 7);
		flags = answer->data[3];
		assert_int_equal(flags & 1, fragments == 0);
		fragments++;
		listed += has_utf16(answer->data, answer->size, "only-once");
		seen_hidden += has_utf16(answer->data, answer->size, "secret");
		free(answer);
		if (flags & 2)
			break;
		answer = ask(1, RPC_READ, NULL, 0);
	}
	assert_true(fragments > 2);
	assert_int_equal(listed, 1);
	assert_int_equal(seen_hidden, 0);
	/* Nothing is left to be read. */
	answer = ask(1, RPC_READ, NULL, 0);
	assert_int_equal(answer->size, 0);
	free(answer);
	expect_result(1, RPC_CLOSE, NULL, 0, RPC_OK);
	expect_result(1, RPC_READ, NULL, 0, RPC_BAD_FID);
}

static void unknown_pipes_and_messages_are_refused(void **state)
{
	uint8_t message[sizeof(enum_message)];
	struct rpc_message *answer;

	expect_result(2, RPC_OPEN, NULL, 0, RPC_NOT_IMPLEMENTED);
	open_bound(3);
	memcpy(message, enum_message, sizeof(message));
	message[22] = 99;
	answer = ask(3, RPC_IOCTL, message, sizeof(message));
	assert_int_equal(answer->data[2], 3);		/* a fault */
	free(answer);
	message[0] = 4;
	expect_result(3, RPC_IOCTL, message, sizeof(message), RPC_NOT_IMPLEMENTED);
	expect_result(3, RPC_IOCTL, enum_message, 10, RPC_NOT_IMPLEMENTED);
	expect_result(3, RPC_CLOSE, NULL, 0, RPC_OK);
	expect_result(2, RPC_CLOSE, NULL, 0, RPC_OK);
}

#define ENUM_HEAD	24	/* offset of the arguments in enum_message */
#define ENUM_LEN (sizeof(enum_message) - ENUM_HEAD)

/* Send @len bytes of the arguments of enum_message, from @from, as one fragment. */
static struct rpc_message *send_part(uint32_t handle, uint32_t how, unsigned int flags, size_t from,
				     size_t len)
{
	uint8_t message[sizeof(enum_message)];

	memcpy(message, enum_message, ENUM_HEAD);
	memcpy(message + ENUM_HEAD, enum_message + ENUM_HEAD + from, len);
	message[3] = flags;
	message[8] = ENUM_HEAD + len;
	return ask(handle, how, message, ENUM_HEAD + len);
}

static void expect_part(uint32_t handle, unsigned int flags, size_t from, size_t len,
			uint32_t result)
{
	struct rpc_message *answer = send_part(handle, RPC_WRITE, flags, from, len);

	assert_int_equal(answer->flags, result);
	assert_int_equal(answer->size, 0);
	free(answer);
}

static void a_call_may_come_in_fragments(void **state)
{
	struct rpc_message *whole, *answer;

	open_bound(8);
	whole = ask(8, RPC_IOCTL, enum_message, sizeof(enum_message));
	expect_part(8, 1, 0, 10, RPC_OK);
	expect_part(8, 0, 10, 3, RPC_OK);
	answer = send_part(8, RPC_IOCTL, 2, 13, ENUM_LEN - 13);
	assert_int_equal(answer->size, whole->size);
	assert_memory_equal(answer->data, whole->data, whole->size);
	free(answer);
	/* The end of a call without its begin */
	expect_part(8, 2, 13, ENUM_LEN - 13, RPC_NOT_IMPLEMENTED);
	/* A call that is given up for another one */
	expect_part(8, 1, 0, 10, RPC_OK);
	answer = ask(8, RPC_IOCTL, enum_message, sizeof(enum_message));
	assert_memory_equal(answer->data, whole->data, whole->size);
	free(answer);
	free(whole);
	expect_result(8, RPC_CLOSE, NULL, 0, RPC_OK);
}

static void fragments_without_end_are_refused(void **state)
{
	struct rpc_message *answer;
	uint32_t result = RPC_OK;
	unsigned int parts;

	open_bound(9);
	expect_part(9, 1, 0, ENUM_LEN, RPC_OK);
	for (parts = 0; result == RPC_OK && parts < 100000; parts++) {
		answer = send_part(9, RPC_WRITE, 0, 0, ENUM_LEN);
		result = answer->flags;
		free(answer);
	}
	assert_int_equal(result, RPC_NOT_IMPLEMENTED);
	assert_true(parts > 1000);
	expect_part(9, 0, 0, ENUM_LEN, RPC_NOT_IMPLEMENTED);
	expect_part(9, 1, 0, ENUM_LEN, RPC_OK);
	/* The arguments are freed with the pipe. */
	expect_result(9, RPC_CLOSE, NULL, 0, RPC_OK);
}

/* The interface of wkssvc. */
static const uint8_t other_interface[16] = {
	0x98, 0xd0, 0xff, 0x6b, 0x12, 0xa1, 0x10, 0x36,
	0x98, 0x33, 0x46, 0xc3, 0xf8, 0x7e, 0x34, 0x5a,
};

static void an_interface_of_another_pipe_is_rejected(void **state)
{
	uint8_t message[sizeof(bind_message)];
	struct rpc_message *answer;

	memcpy(message, bind_message, sizeof(message));
	memcpy(message + 32, other_interface, sizeof(other_interface));
	expect_result(6, RPC_OPEN | RPC_SRVSVC, NULL, 0, RPC_OK);
	answer = ask(6, RPC_IOCTL, message, sizeof(message));
	/* After the pipe's name: one result, "rejected", with the reason "abstract syntax". */
	assert_int_equal(answer->data[40], 1);
	assert_int_equal(answer->data[44], 2);
	assert_int_equal(answer->data[46], 1);
	free(answer);
	answer = ask(6, RPC_IOCTL, enum_message, sizeof(enum_message));
	assert_int_equal(answer->data[2], 3);		/* a fault */
	free(answer);
	expect_result(6, RPC_CLOSE, NULL, 0, RPC_OK);
}

/* NetrShareGetInfo of level 1 for the share with the name of 5 characters at 44. */
static const uint8_t info_message[60] = {
	5, 0, 0, 3, 0x10, 0, 0, 0, 60, 0, 0, 0, 7, 0, 0, 0,
	36, 0, 0, 0, 0, 0, 16, 0,
	0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 'g', 0, 'r', 0, 0xfc, 0, 'n', 0, 0x3a, 0x04,
	0, 0, 1, 0, 0, 0,
};

static void a_share_is_found_by_a_name_that_is_not_ascii(void **state)
{
	struct rpc_message *answer;

	open_bound(7);
	answer = ask(7, RPC_IOCTL, info_message, sizeof(info_message));
	assert_int_equal(answer->data[2], 2);
	assert_true(has_utf16(answer->data, answer->size, "gr\u00fcn\u043a"));
	assert_true(has_utf16(answer->data, answer->size, "green"));
	free(answer);
	expect_result(7, RPC_CLOSE, NULL, 0, RPC_OK);
}

static void damaged_messages_do_no_harm(void **state)
{
	struct random rng = { 15 };
	uint8_t message[sizeof(bind_message)];

	open_bound(4);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		bool bind = random_below(&rng, 2);
		size_t size = bind ? sizeof(bind_message) : sizeof(enum_message);

		memcpy(message, bind ? bind_message : enum_message, size);
		message[22] = bind ? message[22] : random_below(&rng, 24);
		for (unsigned int n = random_below(&rng, 4); n; n--)
			message[random_below(&rng, size)] = random_next(&rng);
		if (random_below(&rng, 4) == 0) {
			size = random_below(&rng, size + 1);
			message[8] = size;
		}
		free(ask(4, random_below(&rng, 2) ? RPC_IOCTL : RPC_WRITE, message, size));
		free(ask(4, RPC_READ, NULL, 0));
	}
	expect_result(4, RPC_CLOSE, NULL, 0, RPC_OK);
}

static void the_number_of_open_pipes_is_limited(void **state)
{
	uint32_t handle = 1000;

	while (handle < 2000) {
		struct rpc_message *answer = ask(handle, RPC_OPEN | RPC_SRVSVC, NULL, 0);
		uint32_t result = answer->flags;

		free(answer);
		if (result == RPC_NO_MEMORY)
			break;
		handle++;
	}
	assert_true(handle > 1100 && handle < 2000);
	while (handle-- > 1000)
		expect_result(handle, RPC_CLOSE, NULL, 0, RPC_OK);
	open_bound(5);
	expect_result(5, RPC_CLOSE, NULL, 0, RPC_OK);
}

/* The test values of RFC 1320. */
static void md4_returns_the_values_of_rfc_1320(void **state)
{
	static const char digits[] =
		"12345678901234567890123456789012345678901234567890123456789012345678901234567890";
	static const uint8_t of_nothing[] = { 0x31, 0xd6, 0xcf, 0xe0, 0xd1, 0x6a, 0xe9, 0x31,
					      0xb7, 0x3c, 0x59, 0xd7, 0xe0, 0xc0, 0x89, 0xc0 };
	static const uint8_t of_digits[] = { 0xe3, 0x3b, 0x4d, 0xdc, 0x9c, 0x38, 0xf2, 0x19,
					     0x9c, 0x3e, 0x7b, 0x16, 0x4f, 0xcc, 0x05, 0x36 };
	uint8_t sum[16];

	md4("", 0, sum);
	assert_memory_equal(sum, of_nothing, sizeof(sum));
	md4(digits, strlen(digits), sum);
	assert_memory_equal(sum, of_digits, sizeof(sum));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_of_shares_is_sent_in_fragments),
		cmocka_unit_test(unknown_pipes_and_messages_are_refused),
		cmocka_unit_test(a_call_may_come_in_fragments),
		cmocka_unit_test(fragments_without_end_are_refused),
		cmocka_unit_test(an_interface_of_another_pipe_is_rejected),
		cmocka_unit_test(a_share_is_found_by_a_name_that_is_not_ascii),
		cmocka_unit_test(damaged_messages_do_no_harm),
		cmocka_unit_test(the_number_of_open_pipes_is_limited),
		cmocka_unit_test(md4_returns_the_values_of_rfc_1320),
	};
	static char comment[] = "a comment", none[] = "", green[] = "green";

	for (int i = 0; i < 40; i++) {
		struct share *s = &server.serve.shares.list[server.serve.shares.nr++];

		snprintf(s->name, sizeof(s->name), "share-%d", i * 9);
		s->comment = i % 2 ? comment : none;
	}
	strcpy(server.serve.shares.list[1].name, "secret");
	server.serve.shares.list[1].hidden = true;
	strcpy(server.serve.shares.list[2].name, "only-once");
	strcpy(server.serve.shares.list[3].name, "gr\u00fcn\u043a");
	server.serve.shares.list[3].comment = green;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
