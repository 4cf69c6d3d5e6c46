// SPDX-License-Identifier: GPL-2.0
/* The NBD client copies data of shared memory, and refuses places outside of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "contract.h"
#include "nbd-protocol.h"
#include "remote.h"

#define SIZE	(1u << 20)		/* of the disk */
#define MEMORY	65536u
#define TOKEN	0x123456789abcdefull
#define LEN	4096u			/* of each read */
#define AT	8192u			/* its offset */

struct range {
	uint64_t at;
	uint32_t len;
};

/* The answer to a read. */
struct answer {
	uint64_t offset;
	struct range ranges[NBD_MEMORY_RANGES + 1];
	unsigned int nr;
	unsigned int missing;		/* bytes that the chunk lacks */
	bool no_memory;
};

static struct {
	int fd;
	pthread_t thread;
	const struct answer *answer;
	uint64_t released;		/* the token that the client sent, or 0 */
} server;

static uint8_t *memory;

static bool receive(void *data, size_t len)
{
	return !len || recv(server.fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

static void send_bytes(const void *data, size_t len)
{
	send(server.fd, data, len, MSG_NOSIGNAL);
}

static void reply(uint32_t option, uint32_t type, const void *data, uint32_t len)
{
	uint8_t head[20];

	nbd_put32(nbd_put32(nbd_put32(nbd_put64(head, NBD_OPTION_REPLY_MAGIC), option), type), len);
	send_bytes(head, sizeof(head));
	send_bytes(data, len);
}

/* Agree to structured replies, and to an export of SIZE bytes. */
static bool shake_hands(void)
{
	uint8_t hello[18], flags[4], head[16], data[256], export[12];

	nbd_put16(nbd_put64(nbd_put64(hello, NBD_MAGIC), NBD_OPTION_MAGIC),
		  NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
	send_bytes(hello, sizeof(hello));
	if (!receive(flags, sizeof(flags)))
		return false;
	nbd_put16(nbd_put64(nbd_put16(export, NBD_INFO_EXPORT), SIZE),
		  NBD_HAS_FLAGS | NBD_READ_ONLY);
	while (receive(head, sizeof(head)) && receive(data, get_be32(head + 12))) {
		uint32_t option = get_be32(head + 8);

		if (option == NBD_OPT_GO)
			reply(option, NBD_REP_INFO, export, sizeof(export));
		reply(option, NBD_REP_ACK, NULL, 0);
		if (option == NBD_OPT_GO)
			return true;
	}
	return false;
}

static void send_chunk(const uint8_t *request, uint16_t flags, uint16_t type, const uint8_t *data,
		       uint32_t len)
{
	uint8_t head[NBD_CHUNK_BYTES], *p = nbd_put32(head, NBD_CHUNK_MAGIC);

	p = nbd_put16(nbd_put16(p, flags), type);
	nbd_put32(nbd_put64(p, get_be64(request + 8)), len);
	send_bytes(head, sizeof(head));
	send_bytes(data, len);
}

static void answer_read(const uint8_t *request)
{
	const struct answer *a = server.answer;
	uint8_t data[sizeof(*a)], *p = nbd_put64(nbd_put64(data, TOKEN), a->offset);

	for (unsigned int i = 0; i < a->nr; i++)
		p = nbd_put32(nbd_put64(p, a->ranges[i].at), a->ranges[i].len);
	send_chunk(request, 0, NBD_CHUNK_MEMORY, data, p - data - a->missing);
	send_chunk(request, NBD_CHUNK_DONE, NBD_CHUNK_NONE, NULL, 0);
}

static void *serve(void *data)
{
	uint8_t request[NBD_REQUEST_BYTES];

	if (!shake_hands())
		return data;
	while (receive(request, sizeof(request))) {
		if (get_be16(request + 6) == NBD_CMD_READ)
			answer_read(request);
		else if (get_be16(request + 6) == NBD_CMD_RELEASE)
			server.released = get_be64(request + 16);
	}
	return data;
}

static struct blockdev *open_answering(const struct answer *answer)
{
	struct nbd_server to = { .control = -1, .name = "nbd test", .memory_len = MEMORY };
	struct blockdev *bd;
	int pair[2], fd = memfd_create("test", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, MEMORY), 0);
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	if (!answer->no_memory)
		to.memory = mmap(NULL, MEMORY, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	for (unsigned int i = 0; i < MEMORY; i++)
		memory[i] = i / 512 + 1;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	to.fd = pair[0];
	server.fd = pair[1];
	server.answer = answer;
	server.released = 0;
	assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
	assert_int_equal(nbd_open(&to, false, &bd), 0);
	return bd;
}

static void close_all(struct blockdev *bd)
{
	blockdev_close(bd);
	pthread_join(server.thread, NULL);
	close(server.fd);
	munmap(memory, MEMORY);
}

static void copies_the_ranges(void **state)
{
	const struct answer answer = {
		.offset = AT, .ranges = { { 1024, 512 }, { MEMORY - 3584, 3584 } }, .nr = 2,
	};
	struct blockdev *bd = open_answering(&answer);
	uint8_t buf[LEN];

	(void)state;
	assert_int_equal(blockdev_pread(bd, buf, LEN, AT), 0);
	assert_memory_equal(buf, memory + 1024, 512);
	assert_memory_equal(buf + 512, memory + MEMORY - 3584, 3584);
	close_all(bd);
	assert_int_equal(server.released, TOKEN);
}

/* A wrong answer fails the read and ends the connection. */
static void refuse(const struct answer *answer)
{
	struct blockdev *bd = open_answering(answer);
	uint8_t buf[LEN];

	assert_int_equal(blockdev_pread(bd, buf, LEN, AT), -EIO);
	server.answer = &(const struct answer){ .offset = AT, .ranges = { { 0, LEN } }, .nr = 1 };
	assert_int_equal(blockdev_pread(bd, buf, LEN, AT), -EIO);
	close_all(bd);
	assert_int_equal(server.released, 0);
}

static void refuses_places_outside_of_the_memory(void **state)
{
	(void)state;
	refuse(&(struct answer){ .offset = AT, .ranges = { { MEMORY - 512, LEN } }, .nr = 1 });
	refuse(&(struct answer){ .offset = AT, .ranges = { { MEMORY, LEN } }, .nr = 1 });
	refuse(&(struct answer){ .offset = AT, .ranges = { { UINT64_MAX - 511, LEN } }, .nr = 1 });
	refuse(&(struct answer){ .offset = AT, .ranges = { { 0, 512 }, { 1ull << 32, 512 } },
				 .nr = 2 });
}

static void refuses_data_outside_of_the_read(void **state)
{
	(void)state;
	refuse(&(struct answer){ .offset = AT, .ranges = { { 0, 2 * LEN } }, .nr = 1 });
	refuse(&(struct answer){ .offset = AT - 512, .ranges = { { 0, LEN } }, .nr = 1 });
	refuse(&(struct answer){ .offset = AT, .ranges = { { 0, LEN }, { 0, 512 } }, .nr = 2 });
	refuse(&(struct answer){ .offset = UINT64_MAX - 511, .ranges = { { 0, LEN } }, .nr = 1 });
}

static void refuses_broken_chunks(void **state)
{
	struct answer many = { .offset = AT, .nr = NBD_MEMORY_RANGES + 1 };

	(void)state;
	refuse(&many);
	refuse(&(struct answer){ .offset = AT, .ranges = { { 0, LEN } }, .nr = 1, .missing = 1 });
	refuse(&(struct answer){ .missing = 8 });
	refuse(&(struct answer){ .offset = AT, .ranges = { { 0, LEN } }, .nr = 1,
				 .no_memory = true });
}

/* The chunk has no data of the read, which therefore fails; the connection lasts. */
static void fails_without_data(void **state)
{
	struct blockdev *bd = open_answering(&(struct answer){ .offset = AT });
	uint8_t buf[LEN];

	(void)state;
	assert_int_equal(blockdev_pread(bd, buf, LEN, AT), -EIO);
	server.answer = &(const struct answer){ .offset = AT, .ranges = { { 0, LEN } }, .nr = 1 };
	assert_int_equal(blockdev_pread(bd, buf, LEN, AT), 0);
	close_all(bd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_the_ranges),
		cmocka_unit_test(refuses_places_outside_of_the_memory),
		cmocka_unit_test(refuses_data_outside_of_the_read),
		cmocka_unit_test(refuses_broken_chunks),
		cmocka_unit_test(fails_without_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
