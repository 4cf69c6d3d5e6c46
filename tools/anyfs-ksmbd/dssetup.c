// SPDX-License-Identifier: GPL-2.0
/*
 * dssetup.c - the interface dssetup (MS-DSSP), on the pipe lsarpc: the server belongs to no domain
 *
 * Windows asks for this before it shows an editor for permissions.
 */
#include "rpc.h"

#define BASIC_INFORMATION	1
#define STANDALONE_SERVER	2
#define INVALID_PARAMETER	87u	/* an error code of Windows */

/* DsRolerGetPrimaryDomainInformation */
static void primary_domain(struct rpc_call *c)
{
	static const uint8_t no_id[16];
	unsigned int level = ndr_read16(c->in);

	if (!result_begin_info(c, level, level == BASIC_INFORMATION, INVALID_PARAMETER))
		return;
	ndr_align(c->out, 4);
	ndr_write16(c->out, STANDALONE_SERVER);
	ndr_write32(c->out, 0);			/* flags */
	ndr_write_pointer(c->out);
	ndr_write32(c->out, 0);			/* name in DNS */
	ndr_write32(c->out, 0);			/* forest */
	ndr_write(c->out, no_id, sizeof(no_id));
	ndr_write_string(c->out, WORK_GROUP);
	ndr_write32(c->out, 0);			/* no error */
}

static const struct rpc_function functions[] = {
	{ 0, primary_domain },
	{ 0, NULL },
};

const struct rpc_interface rpc_dssetup = {
	.id = { 0x6a, 0x28, 0x19, 0x39, 0x0c, 0xb1, 0xd0, 0x11, 0x9b, 0xa8, 0x00, 0xc0, 0x4f, 0xd9,
		0x2e, 0xf5 },
	.version = 0, .pipe = RPC_LSARPC, .pipe_name = "\\PIPE\\lsarpc", .functions = functions,
};
