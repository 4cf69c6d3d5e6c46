/* SPDX-License-Identifier: GPL-2.0 */
/*
 * times.h - set the times of a file, and check that the file system stored them
 */
#ifndef ANYFS_TIMES_H
#define ANYFS_TIMES_H

#include <errno.h>
#include "side.h"

#define TIMES_OUT_OF_RANGE	(-EDOM)	/* no file system returns this errno */
#define TIMES_WHY		"the file system cannot store this date"

/*
 * Set access and modification time of @f.  Returns 0, or -errno; TIMES_OUT_OF_RANGE if the
 * file system stored another modification time because it cannot store this one.
 */
long times_set(const struct side *side, const struct side_file *f,
	       const struct timespec times[2]);

#endif /* ANYFS_TIMES_H */
