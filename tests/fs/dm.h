/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dm.h - mapped devices of one target, made with the mapper's ioctls
 */
#ifndef TESTS_FS_DM_H
#define TESTS_FS_DM_H

#include "blocks.h"
#include <lkl/linux/dm-ioctl.h>

#define DM_CONTROL		(10 << 8 | 236)

struct dm_request {
	struct lkl_dm_ioctl head;
	struct lkl_dm_target_spec spec;
	char params[1024];
};

static int dm_control = -1;
static unsigned int dm_flags;	/* for the tables to load: 0 or LKL_DM_READONLY_FLAG */

static inline void dm_prepare(struct dm_request *rq, const char *name)
{
	memset(rq, 0, sizeof(*rq));
	rq->head = (struct lkl_dm_ioctl){
		.version = { LKL_DM_VERSION_MAJOR },
		.data_size = sizeof(*rq), .data_start = offsetof(struct dm_request, spec),
	};
	snprintf(rq->head.name, sizeof(rq->head.name), "%s", name);
	if (dm_control < 0) {
		assert_int_equal(lkl_sys_mknod("/dm", LKL_S_IFCHR | 0600, DM_CONTROL), 0);
		dm_control = lkl_sys_open("/dm", LKL_O_RDWR, 0);
		assert_true(dm_control >= 0);
	}
}

static inline long dm_command(const char *name, unsigned int cmd, unsigned int flags, uint32_t *dev)
{
	struct dm_request rq;
	long rc;

	dm_prepare(&rq, name);
	rq.head.flags = flags;
	rc = lkl_sys_ioctl(dm_control, cmd, (unsigned long)&rq);
	if (dev)
		*dev = rq.head.dev;
	return rc;
}

static inline long dm_load(const char *name, unsigned int sectors, const char *target,
			   const char *params)
{
	struct dm_request rq;

	dm_prepare(&rq, name);
	rq.head.flags = dm_flags;
	rq.head.target_count = 1;
	rq.spec.length = sectors;
	snprintf(rq.spec.target_type, sizeof(rq.spec.target_type), "%s", target);
	snprintf(rq.params, sizeof(rq.params), "%s", params);
	return lkl_sys_ioctl(dm_control, LKL_DM_TABLE_LOAD, (unsigned long)&rq);
}

/* Create a mapped device with one target; returns its device number. */
static inline uint32_t dm_map(const char *name, unsigned int sectors, const char *target,
		    const char *fmt, ...)
{
	char params[1024];
	uint32_t dev = 0;
	va_list ap;
	long rc;

	va_start(ap, fmt);
	vsnprintf(params, sizeof(params), fmt, ap);
	va_end(ap);
	assert_int_equal(dm_command(name, LKL_DM_DEV_CREATE, 0, &dev), 0);
	rc = dm_load(name, sectors, target, params);
	if (!rc)
		rc = dm_command(name, LKL_DM_DEV_SUSPEND, 0, NULL);	/* resumes */
	if (rc)
		fail_msg("%s %s: %s", target, params, lkl_strerror(rc));
	return dev;
}

static inline void dm_unmap(const char *name)
{
	assert_int_equal(dm_command(name, LKL_DM_DEV_REMOVE, 0, NULL), 0);
}

static inline void dm_message(const char *name, const char *text)
{
	struct dm_request rq;

	dm_prepare(&rq, name);
	/* A message has a sector and a text where a table has the description of a target. */
	memset(&rq.spec, 0, sizeof(uint64_t));
	strcpy((char *)&rq.spec + sizeof(uint64_t), text);
	assert_int_equal(lkl_sys_ioctl(dm_control, LKL_DM_TARGET_MSG, (unsigned long)&rq), 0);
}

#define DEV(dev)	major_of(dev), minor_of(dev)

#endif /* TESTS_FS_DM_H */
