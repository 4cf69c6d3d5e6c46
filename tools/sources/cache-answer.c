// SPDX-License-Identifier: GPL-2.0
/*
 * cache-answer.c - answer the parts of reads whose blocks have arrived
 */
#include <errno.h>
#include <stdlib.h>
#include "cache-internal.h"

static void send_part(struct part *p)
{
	struct iovec iov[PART_BLOCKS];
	uint32_t skip = p->offset % BLOCK, left = p->len;

	for (unsigned int i = 0; i < p->nr; i++) {
		uint32_t n = BLOCK - skip < left ? BLOCK - skip : left;

		iov[i] = (struct iovec){ block_data(p->blocks[i]) + skip, n };
		left -= n;
		skip = 0;
	}
	serve_data(cache.s, p->request->c, p->offset, iov, p->nr);
}

static void end_request(struct request *r)
{
	if (r->error)
		serve_fail(cache.s, r->c, EIO, r->error);
	else
		serve_end(cache.s, r->c);
	free(r);
}

void cache_answer(struct part *ready)
{
	while (ready) {
		struct part *p = ready, *more = NULL;
		struct request *r = p->request;
		bool last;

		ready = p->next;
		if (!p->error)
			send_part(p);
		pthread_mutex_lock(&cache.lock);
		cache_unpin(p);
		if (p->error)
			r->error = p->error;
		last = !--r->parts && r->begun == r->c->len;
		cache_pump(&more);
		pthread_mutex_unlock(&cache.lock);
		free(p);
		if (last)
			end_request(r);
		while (more) {
			p = more;
			more = p->next;
			p->next = ready;
			ready = p;
		}
	}
}
