// SPDX-License-Identifier: GPL-2.0
/*
 * results.c - parts of results that functions of several interfaces have
 */
#include "rpc.h"

bool result_begin_info(struct rpc_call *c, unsigned int level, bool known, uint32_t error)
{
	ndr_write_pointer_if(c->out, known);
	if (known)
		ndr_write16(c->out, level);
	else
		ndr_write32(c->out, error);
	return known;
}

void result_end_lookup(struct rpc_call *c, uint32_t mapped, uint32_t nr)
{
	ndr_write32(c->out, mapped == nr ? STATUS_OK :
			    mapped ? STATUS_SOME_NOT_MAPPED : STATUS_NONE_MAPPED);
}
