// SPDX-License-Identifier: GPL-2.0
/*
 * answers.c - answer the questions of the SMB server about users, shares and connections
 *
 * All messages come on one thread.  A message that is shorter than its type requires is
 * dropped; the server then waits for two seconds and refuses its client.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <lkl.h>
#include "ksmbd.h"
#include "messages.h"

#define PIPES		"ipc$"		/* the share of named pipes, in the kernel's spelling */
#define DELAY_FAILURES	3	/* wrong passwords until answers are delayed */

static void send_answer(struct ksmbd *k, uint8_t event, const void *data, size_t len)
{
	int rc = netlink_send(event + 1, data, len);

	if (rc)
		tool_note(k->serve.t, "answering the SMB server: %s", lkl_strerror(rc));
}

/* Copy a name that the kernel has sent, which may lack the NUL. */
static void copy_name(char *to, const char *from, size_t size)
{
	memcpy(to, from, size - 1);
	to[size - 1] = '\0';
}

static void answer_login(struct ksmbd *k, const struct login_request *request)
{
	struct login_response r = { .handle = request->handle, .status = USER_BAD_USER };
	struct user *u;

	copy_name(r.account, request->account, sizeof(r.account));
	u = users_find(k, r.account);
	if (u) {
		r.status = USER_OK | (u->failures >= DELAY_FAILURES ? USER_DELAY : 0);
		r.hash_size = NT_HASH_SIZE;
		memcpy(r.hash, u->hash, NT_HASH_SIZE);
	} else if (k->guests) {
		r.status = USER_OK | USER_GUEST;
		strcpy(r.account, "guest");
	} else {
		tool_note(k->serve.t, "there is no user %s", *r.account ? r.account : "without a name");
	}
	send_answer(k, EVENT_LOGIN, &r, sizeof(r));
	explicit_bzero(&r, sizeof(r));
}

static void take_logout(struct ksmbd *k, const struct logout_request *request)
{
	char name[ACCOUNT_SIZE];
	struct user *u;

	copy_name(name, request->account, sizeof(name));
	u = users_find(k, name);
	if (!u)
		return;
	if (!(request->flags & USER_BAD_PASSWORD)) {
		u->failures = 0;
		return;
	}
	u->failures++;
	tool_note(k->serve.t, "wrong password of user %s, %u in a row", u->name, u->failures);
}

static struct share *find_share(struct ksmbd *k, const char *name)
{
	struct shares *shares = &k->serve.shares;

	for (size_t i = 0; i < shares->nr; i++)
		if (!strcasecmp(shares->list[i].name, name))
			return &shares->list[i];
	return NULL;
}

static bool is_readonly(const struct ksmbd *k, const struct share *s)
{
	return !k->serve.write || s->readonly;
}

static uint32_t share_flags(const struct ksmbd *k, const struct share *s)
{
	/*
	 * SHARE_CROSS_MOUNTS: the root of a share is a mount point.  SHARE_STREAMS would let
	 * clients create streams even on a read-only share.
	 */
	return SHARE_AVAILABLE | SHARE_OPLOCKS | SHARE_CROSS_MOUNTS | SHARE_DOS_ATTRIBUTES |
	       (s->hidden ? 0 : SHARE_BROWSEABLE) |
	       (is_readonly(k, s) ? SHARE_READONLY : SHARE_WRITEABLE | SHARE_STREAMS) |
	       (k->guests ? SHARE_GUEST_OK : 0);
}

static void answer_share(struct ksmbd *k, const struct share_request *request)
{
	char buf[sizeof(struct share_response) + sizeof(SHARES_ROOT) + SHARE_NAME_MAX + 2] = { 0 };
	struct share_response *r = (void *)buf;
	struct share *s;

	r->handle = request->handle;
	copy_name(r->share, request->share, sizeof(r->share));
	s = find_share(k, r->share);
	r->create_mask = 0644;
	r->directory_mask = 0755;
	r->force_uid = r->force_gid = SHARE_NO_ID;
	if (!strcasecmp(r->share, PIPES)) {
		r->flags = SHARE_AVAILABLE | SHARE_PIPE | SHARE_GUEST_OK;
	} else if (s && !shares_use(k->serve.t, s)) {
		r->flags = share_flags(k, s);
		r->payload_size = sprintf(r->path, SHARES_ROOT "/%s", s->name) + 1;
	} else if (!s) {
		tool_note(k->serve.t, "there is no share %s", r->share);
	}
	send_answer(k, EVENT_SHARE, r, sizeof(*r) + r->payload_size);
}

static void answer_tree(struct ksmbd *k, const struct tree_request *request)
{
	struct tree_response r = { .handle = request->handle, .status = TREE_OK };
	bool guest = request->account_flags & USER_GUEST;
	char name[SHARE_SIZE], user[ACCOUNT_SIZE], peer[sizeof(request->peer)];
	const struct share *s;

	copy_name(name, request->share, sizeof(name));
	copy_name(user, request->account, sizeof(user));
	s = find_share(k, name);
	if (guest)
		r.flags |= TREE_GUEST;
	if (guest && !k->guests)
		r.status = TREE_NO_USER;
	else if (s)
		r.flags |= is_readonly(k, s) ? TREE_READ_ONLY : TREE_WRITABLE;
	else if (strcasecmp(name, PIPES))
		r.status = TREE_NO_SHARE;
	copy_name(peer, request->peer, sizeof(peer));
	if (r.status == TREE_OK && strcasecmp(name, PIPES))
		trees_add(request->session, request->connect, guest ? "guest" : user, name, peer);
	if (k->serve.t->verbose)
		tool_note(k->serve.t, "user %s connects to share %s", user, name);
	send_answer(k, EVENT_TREE_CONNECT, &r, sizeof(r));
}

static void take_tree_end(const struct tree_end *end)
{
	trees_remove(end->session, end->connect);
}

static void answer_rpc(struct ksmbd *k, const struct rpc_message *request, size_t len)
{
	struct rpc_message *r;

	if (request->size > len - sizeof(*request))
		return;
	r = pipe_request(k, request, &len);
	if (r)
		send_answer(k, EVENT_RPC, r, len);
	free(r);
}

void answer(struct ksmbd *k, uint8_t event, const void *data, size_t len)
{
	if (event == EVENT_LOGIN && len >= sizeof(struct login_request))
		answer_login(k, data);
	else if (event == EVENT_LOGOUT && len >= sizeof(struct logout_request))
		take_logout(k, data);
	else if (event == EVENT_SHARE && len >= sizeof(struct share_request))
		answer_share(k, data);
	else if (event == EVENT_TREE_CONNECT && len >= sizeof(struct tree_request))
		answer_tree(k, data);
	else if (event == EVENT_TREE_DISCONNECT && len >= sizeof(struct tree_end))
		take_tree_end(data);
	else if (event == EVENT_RPC && len >= sizeof(struct rpc_message))
		answer_rpc(k, data, len);
}
