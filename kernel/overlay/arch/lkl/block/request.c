// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - convert blk-mq requests to requests of the host
 *
 * A request is submitted as one array of pieces of memory.  The host completes
 * it at once, or later by putting it on lkl_cpu.blk_done.
 */
#include "lkl_block.h"

/* Merge adjacent pieces, so that the host copies more at a time. */
static void map_data(struct request *rq, struct lkl_block_cmd *cmd)
{
	struct lkl_block_iov *iov = cmd->iov - 1;
	struct req_iterator iter;
	struct bio_vec bv;
	void *end = NULL;

	rq_for_each_bvec(bv, rq, iter) {
		void *base = page_to_virt(bv.bv_page) + bv.bv_offset;

		if (base == end) {
			iov->len += bv.bv_len;
		} else {
			iov++;
			iov->base = base;
			iov->len = bv.bv_len;
		}
		end = base + bv.bv_len;
	}
	cmd->req.nr_iov = iov + 1 - cmd->iov;
}

static int fill(struct request *rq, struct lkl_block_cmd *cmd)
{
	struct lkl_block_req *req = &cmd->req;

	req->iov = NULL;
	req->nr_iov = 0;
	req->flags = rq->cmd_flags & REQ_FUA ? LKL_BLK_FUA : 0;
	req->offset = blk_rq_pos(rq) << SECTOR_SHIFT;
	req->len = blk_rq_bytes(rq);
	req->status = 0;

	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		req->op = req_op(rq) == REQ_OP_READ ? LKL_BLK_READ : LKL_BLK_WRITE;
		if (rq->cmd_flags & REQ_RAHEAD)
			req->flags |= LKL_BLK_AHEAD;
		req->iov = cmd->iov;
		map_data(rq, cmd);
		return 0;
	case REQ_OP_FLUSH:
		req->op = LKL_BLK_FLUSH;
		req->offset = 0;
		req->len = 0;
		return 0;
	case REQ_OP_DISCARD:
		req->op = LKL_BLK_DISCARD;
		return 0;
	case REQ_OP_WRITE_ZEROES:
		req->op = LKL_BLK_ZERO;
		if (rq->cmd_flags & REQ_NOUNMAP)
			req->flags |= LKL_BLK_NOUNMAP;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static void finish(struct lkl_block_req *req)
{
	struct lkl_block_cmd *cmd = container_of(req, struct lkl_block_cmd, req);

	blk_mq_end_request(blk_mq_rq_from_pdu(cmd), errno_to_blk_status(req->status));
}

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct lkl_disk *disk = hctx->queue->queuedata;
	struct lkl_block_cmd *cmd = blk_mq_rq_to_pdu(bd->rq);

	if (fill(bd->rq, cmd))
		return BLK_STS_NOTSUPP;
	blk_mq_start_request(bd->rq);
	if (!lkl_host->blk_submit(lkl_host_arg, disk->host_disk, &cmd->req))
		finish(&cmd->req);
	return BLK_STS_OK;
}

const struct blk_mq_ops lkl_block_mq_ops = {
	.queue_rq = queue_rq,
};

void lkl_block_irq(void)
{
	struct lkl_block_req *req, *next;

	req = __atomic_exchange_n(&lkl_cpu.blk_done, NULL, __ATOMIC_ACQUIRE);
	for (; req; req = next) {
		next = req->next;
		finish(req);
	}
}
