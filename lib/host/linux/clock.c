// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - the kernel's clocks
 *
 * The scheduler reads its clock twice for each context switch.  If the processor's
 * time stamp counter has a constant rate, the scheduler clock is that counter; its
 * rate is measured during the first millisecond.
 */
#include <time.h>
#include "os.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

uint64_t os_clock_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t os_realtime_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

#ifdef __x86_64__
#include <cpuid.h>
#include <x86intrin.h>

#define MEASURE_NS	1000000

/* One clock for the process. */
static struct {
	uint64_t tick, ns;		/* counter and clock, read at the same time */
	uint64_t factor;		/* (nanoseconds per tick) << 32, set last; 0: unknown */
	uint32_t state;			/* atomic: SCALE_* */
} scale;

enum { SCALE_UNKNOWN, SCALE_MEASURING, SCALE_CLAIMED };

/* Intel SDM, CPUID leaf 0x80000007: the counter runs at a constant rate in all states. */
static bool counter_is_constant(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8);
}

void os_clock_init(void)
{
	uint32_t unknown = SCALE_UNKNOWN;

	/*
	 * Only the first call measures.  If the counter's rate is not constant, the
	 * state stays CLAIMED and the counter is not used.
	 */
	if (!__atomic_compare_exchange_n(&scale.state, &unknown, SCALE_CLAIMED, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	if (!counter_is_constant())
		return;
	scale.tick = __rdtsc();
	scale.ns = os_clock_ns();
	__atomic_store_n(&scale.state, SCALE_MEASURING, __ATOMIC_RELEASE);
}

static void measure(uint64_t tick, uint64_t ns)
{
	uint32_t measuring = SCALE_MEASURING;

	if (__atomic_load_n(&scale.state, __ATOMIC_ACQUIRE) != SCALE_MEASURING ||
	    ns - scale.ns < MEASURE_NS || tick <= scale.tick ||
	    !__atomic_compare_exchange_n(&scale.state, &measuring, SCALE_CLAIMED, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&scale.factor, ((ns - scale.ns) << 32) / (tick - scale.tick),
			 __ATOMIC_RELEASE);
}

uint64_t os_sched_clock_ns(void)
{
	uint64_t factor = __atomic_load_n(&scale.factor, __ATOMIC_ACQUIRE);
	uint64_t tick = __rdtsc();
	uint64_t ns;

	if (__builtin_expect(factor != 0, 1))
		return scale.ns + (uint64_t)((unsigned __int128)(tick - scale.tick) * factor >> 32);
	ns = os_clock_ns();
	measure(tick, ns);
	return ns;
}

#else

void os_clock_init(void)
{
}

uint64_t os_sched_clock_ns(void)
{
	return os_clock_ns();
}

#endif
