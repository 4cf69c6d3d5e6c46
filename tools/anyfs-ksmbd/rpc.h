/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rpc.h - interfaces of DCE/RPC: functions that clients call over named pipes
 *
 *	pipe.c		messages: binding to an interface, calls, answers in fragments
 *	services.c	srvsvc and wkssvc: list the shares, describe the server
 *	lsa.c		lsarpc: describe the domain
 *	lsa-lookup.c	lsarpc: find the names of security identifiers, and the reverse
 *	dssetup.c		dssetup, on the pipe lsarpc: the server belongs to no domain
 *	sam.c		samr: the domain and its users
 *	sam-lookup.c	samr: find the numbers of accounts
 *	sam-user.c	samr: one user
 *	handles.c	handles that clients get from lsarpc and samr
 *	results.c	parts of results that several interfaces have
 */
#ifndef ANYFS_KSMBD_RPC_H
#define ANYFS_KSMBD_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ksmbd.h"
#include "ndr.h"

/* Status codes of Windows, which lsarpc and samr return. */
#define STATUS_OK			0u
#define STATUS_SOME_NOT_MAPPED		0x00000107u
#define STATUS_INVALID_INFO_CLASS	0xc0000003u
#define STATUS_INVALID_PARAMETER	0xc000000du
#define STATUS_ACCESS_DENIED		0xc0000022u
#define STATUS_NO_SUCH_USER		0xc0000064u
#define STATUS_NONE_MAPPED		0xc0000073u
#define STATUS_NO_RESOURCES		0xc000009au
#define STATUS_NO_SUCH_DOMAIN		0xc00000dfu

/* Reasons for which a call gets no results. */
#define FAULT_BAD_STUB		0x000006f7u	/* the arguments cannot be read */
#define FAULT_BAD_HANDLE	0x1c00001au
#define FAULT_NO_FUNCTION	0x1c010002u

#define RPC_HANDLES_MAX		32		/* handles of one pipe */
#define RPC_NAME_SIZE		256		/* bytes of a name in arguments, as UTF-8 */

enum handle_kind { HANDLE_NONE, HANDLE_POLICY, HANDLE_SAM, HANDLE_DOMAIN, HANDLE_USER };

struct rpc_handles {
	struct rpc_handle {
		enum handle_kind kind;
		uint32_t number;	/* never used twice */
		uint32_t value;		/* which domain, or which user */
	} list[RPC_HANDLES_MAX];
	uint32_t last;			/* the last number */
};

struct rpc_call {
	struct ksmbd *k;
	struct ndr *in;			/* arguments */
	struct ndr *out;		/* results */
	struct rpc_handles *handles;	/* of the pipe */
	bool guest;			/* the client has given no password */
	uint32_t fault;			/* set: FAULT_*, and the results are dropped */
};

struct rpc_function {
	unsigned int number;
	void (*fn)(struct rpc_call *c);
};

struct rpc_interface {
	uint8_t id[16];			/* as on the wire */
	uint32_t version;
	uint32_t pipe;			/* RPC_SRVSVC ... */
	const char *pipe_name;
	const struct rpc_function *functions;	/* ends with NULL */
};

extern const struct rpc_interface rpc_srvsvc, rpc_wkssvc, rpc_lsarpc, rpc_dssetup, rpc_samr;

/* handles.c */

/* Read a handle of type @kind.  Returns NULL and sets c->fault if it is not such a handle. */
struct rpc_handle *handle_read(struct rpc_call *c, enum handle_kind kind);
/* Answer a call that opens a handle: with a new handle of type @kind that means @value. */
void handle_answer(struct rpc_call *c, enum handle_kind kind, uint32_t value);
/* Answer a call that opens a handle with the error @status. */
void handle_refuse(struct rpc_call *c, uint32_t status);
/* Answer a call that closes a handle of any type. */
void handle_close(struct rpc_call *c);

/* results.c */

/*
 * Begin the answer to a question of a level: a union, after its level.  If the level is not
 * @known, answer @error instead.  Returns @known.
 */
bool result_begin_info(struct rpc_call *c, unsigned int level, bool known, uint32_t error);
/* End the answer of a lookup with its status: @mapped of @nr entries were found. */
void result_end_lookup(struct rpc_call *c, uint32_t mapped, uint32_t nr);

/* lsa-lookup.c: functions of lsarpc */

void lsa_lookup_sids(struct rpc_call *c);
void lsa_lookup_sids2(struct rpc_call *c);
void lsa_lookup_names(struct rpc_call *c);
void lsa_lookup_names2(struct rpc_call *c);
void lsa_lookup_names3(struct rpc_call *c);

/* sam-lookup.c and sam-user.c: functions of samr */

void sam_lookup_names(struct rpc_call *c);
void sam_lookup_rids(struct rpc_call *c);
void sam_open_user(struct rpc_call *c);
void sam_query_user(struct rpc_call *c);
void sam_groups_of_user(struct rpc_call *c);
void sam_query_security(struct rpc_call *c);

#endif /* ANYFS_KSMBD_RPC_H */
