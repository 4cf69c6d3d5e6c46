/* SPDX-License-Identifier: GPL-2.0 */
/*
 * times.h - setting the times of a file
 */
#ifndef ANYFS_TIMES_H
#define ANYFS_TIMES_H

#include <errno.h>
#include "side.h"

#define TIMES_OUT_OF_RANGE	(-EDOM)	/* which no file system returns */
#define TIMES_WHY		"the file system cannot hold this date"

/*
 * Set access and modification time of @f.  0, or -errno; TIMES_OUT_OF_RANGE if the
 * modification time is now another one, since the file system cannot hold this one.
 */
long times_set(const struct side *side, const struct side_file *f,
	       const struct timespec times[2]);

#endif /* ANYFS_TIMES_H */
