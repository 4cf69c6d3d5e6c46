// SPDX-License-Identifier: GPL-2.0
/*
 * nbd-handshake.c - the first messages between the NBD client and its server
 *
 * Only the fixed newstyle handshake is supported.  The client requests structured replies
 * and the context base:allocation; a server without them can be used too.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "error.h"
#include "nbd.h"
#include "socket.h"

#define REPLY_MAX	4096u		/* bytes of a reply that are read */
#define CONTEXT		"base:allocation"

/* State of the handshake. */
struct handshake {
	int fd;
	const char *name;
	uint8_t data[REPLY_MAX];
	uint32_t type, len;		/* the last reply; len: bytes in data */
};

/* Set the error text for @rc, an error of the socket; 0: no error.  Returns @rc. */
static int hung_up(const struct handshake *t, int rc)
{
	return rc ? error_set(rc, "%s: the NBD server has hung up during the handshake: %s",
			      t->name, error_name(rc)) : 0;
}

static int send_all(struct handshake *t, const void *data, size_t len)
{
	return hung_up(t, socket_send(t->fd, data, len));
}

static int receive_all(struct handshake *t, void *data, size_t len)
{
	return hung_up(t, socket_receive(t->fd, data, len));
}

static int send_option(struct handshake *t, uint32_t option, const void *data, uint32_t len)
{
	uint8_t head[16];
	int err;

	nbd_put32(nbd_put32(nbd_put64(head, NBD_OPTION_MAGIC), option), len);
	err = send_all(t, head, sizeof(head));
	return err ? err : send_all(t, data, len);
}

static int receive_reply(struct handshake *t)
{
	uint8_t head[20];
	int err = receive_all(t, head, sizeof(head));

	if (err)
		return err;
	t->type = get_be32(head + 12);
	t->len = get_be32(head + 16);
	if (get_be64(head) != NBD_OPTION_REPLY_MAGIC || t->len > sizeof(t->data))
		return error_set(-EPROTO, "%s: the server does not speak the NBD protocol",
				 t->name);
	return receive_all(t, t->data, t->len);
}

/* Ask for structured replies; *@yes is true if the server has them. */
static int ask_structured(struct handshake *t, bool *yes)
{
	int err = send_option(t, NBD_OPT_STRUCTURED_REPLY, NULL, 0);

	if (!err)
		err = receive_reply(t);
	*yes = !err && t->type == NBD_REP_ACK;
	return err;
}

static int ask_context(struct handshake *t, const char *export_name, struct nbd_export *export)
{
	uint32_t name_len = strlen(export_name), len = strlen(CONTEXT);
	uint8_t data[REPLY_MAX], *p = data;
	int err;

	p = nbd_put32(p, name_len);
	memcpy(p, export_name, name_len);
	p = nbd_put32(nbd_put32(p + name_len, 1), len);
	memcpy(p, CONTEXT, len);
	err = send_option(t, NBD_OPT_SET_META_CONTEXT, data, p + len - data);
	while (!err) {
		err = receive_reply(t);
		if (err || t->type != NBD_REP_META_CONTEXT)
			break;
		if (t->len == 4 + len && !memcmp(t->data + 4, CONTEXT, len)) {
			export->context = get_be32(t->data);
			export->can_extents = true;
		}
	}
	return err;
}

static void take_info(const struct handshake *t, struct nbd_export *export)
{
	uint32_t info = t->len >= 2 ? get_be16(t->data) : UINT32_MAX;

	if (info == NBD_INFO_EXPORT && t->len >= 12) {
		export->size = get_be64(t->data + 2);
		export->flags = get_be16(t->data + 10);
	} else if (info == NBD_INFO_BLOCK_SIZE && t->len >= 14) {
		export->min_block = get_be32(t->data + 2);
		export->best_block = get_be32(t->data + 6);
		export->max_block = get_be32(t->data + 10);
	}
}

static int ask_export(struct handshake *t, const char *export_name, struct nbd_export *export)
{
	uint32_t name_len = strlen(export_name);
	uint8_t data[REPLY_MAX], *p = data;
	int err;

	p = nbd_put32(p, name_len);
	memcpy(p, export_name, name_len);
	p = nbd_put16(nbd_put16(p + name_len, 1), NBD_INFO_BLOCK_SIZE);
	err = send_option(t, NBD_OPT_GO, data, p - data);
	while (!err) {
		err = receive_reply(t);
		if (err || t->type != NBD_REP_INFO)
			break;
		take_info(t, export);
	}
	if (!err && t->type != NBD_REP_ACK)
		err = error_set(-ENOENT, "%s: the NBD server refuses the export \"%s\": %.*s",
				t->name, export_name, (int)t->len, (const char *)t->data);
	return err;
}

int nbd_handshake(int fd, const char *name, const char *export_name, struct nbd_export *export)
{
	struct handshake t = { .fd = fd, .name = name };
	uint8_t hello[18], flags[4];
	int err = receive_all(&t, hello, sizeof(hello));

	memset(export, 0, sizeof(*export));
	if (!err && (get_be64(hello) != NBD_MAGIC || get_be64(hello + 8) != NBD_OPTION_MAGIC ||
		     !(get_be16(hello + 16) & NBD_FIXED_NEWSTYLE)))
		err = error_set(-EPROTO, "%s: the server does not speak the NBD protocol", name);
	if (!err && strlen(export_name) > REPLY_MAX / 2)
		err = error_set(-ENAMETOOLONG, "%s: the name of the export is too long", name);
	if (err)
		return err;
	nbd_put32(flags, get_be16(hello + 16) & (NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES));
	err = send_all(&t, flags, sizeof(flags));
	if (!err)
		err = ask_structured(&t, &export->structured);
	if (!err && export->structured)
		err = ask_context(&t, export_name, export);
	return err ? err : ask_export(&t, export_name, export);
}
