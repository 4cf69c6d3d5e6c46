/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oom.h - between the reclaimer (oom.c) and its reserve (oom_reserve.c)
 */
#ifndef _LKL_MM_OOM_H
#define _LKL_MM_OOM_H

#include <linux/types.h>

/* True if a zone that @gfp may use is above its high watermark. */
bool has_free_memory(gfp_t gfp);

/* True if freeing memory may have to wait for the current task. */
bool reclaim_waits_for_current(gfp_t gfp);

/* Free some pages of the reserve; 0 if it is empty. */
unsigned long reserve_release(void);

bool reserve_is_full(void);

/* Put free pages into the reserve while there is more memory than the watermarks ask for. */
void reserve_fill(void);

#endif
