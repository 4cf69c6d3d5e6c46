// SPDX-License-Identifier: GPL-2.0
/*
 * time.c - clock source and clock event device, which use the host's clock and timer
 */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/init.h>
#include <linux/delay.h>
#include <linux/pvclock_gtod.h>
#include <linux/sched/clock.h>
#include <linux/timekeeper_internal.h>
#include <linux/timekeeping.h>
#include <asm/lkl.h>
#include <asm/timex.h>

static u64 boot_ns;		/* value of sched_clock_ns at boot */

static u64 read_clock(struct clocksource *cs)
{
	return lkl_host->clock_ns(lkl_host_arg);
}

static struct clocksource host_clock = {
	.name = "host",
	.rating = 499,
	.read = read_clock,
	.mask = CLOCKSOURCE_MASK(64),
	.flags = CLOCK_SOURCE_IS_CONTINUOUS | CLOCK_SOURCE_VALID_FOR_HRES,
};

static int set_next_event(unsigned long delta, struct clock_event_device *evt)
{
	lkl_host->timer_set(lkl_host_arg, lkl_host->clock_ns(lkl_host_arg) + delta);
	return 0;
}

static int shutdown(struct clock_event_device *evt)
{
	lkl_host->timer_set(lkl_host_arg, ~0ULL);
	return 0;
}

static struct clock_event_device host_timer = {
	.name = "host",
	.rating = 499,
	.features = CLOCK_EVT_FEAT_ONESHOT,
	.set_next_event = set_next_event,
	.set_state_shutdown = shutdown,
	.set_state_oneshot_stopped = shutdown,
};

void lkl_timer_irq(void)
{
	if (host_timer.event_handler)
		host_timer.event_handler(&host_timer);
}

unsigned long long sched_clock(void)
{
	return lkl_host->sched_clock_ns(lkl_host_arg) - boot_ns;
}

cycles_t lkl_cycles(void)
{
	return lkl_host->clock_ns(lkl_host_arg);
}

void read_persistent_clock64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(lkl_host->realtime_ns(lkl_host_arg));
}

static s64 set_by;	/* nanoseconds by which clock_settime() has moved this kernel's clock */

/*
 * The clock that files are stamped with.  The kernel's own clock advances with the
 * tick and would lag that of the host, which the users of the files see.
 */
void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(lkl_host->file_time_ns(lkl_host_arg) + set_by);
}

/* Called with the time keeper locked, so its clock cannot be read in the usual way. */
static int clock_changed(struct notifier_block *nb, unsigned long was_set, void *timekeeper)
{
	const struct timekeeper *tk = timekeeper;

	if (was_set)
		set_by = tk->xtime_sec * NSEC_PER_SEC +
			 (tk->tkr_mono.xtime_nsec >> tk->tkr_mono.shift) -
			 lkl_host->realtime_ns(lkl_host_arg);
	return 0;
}

static struct notifier_block clock_notifier = {
	.notifier_call = clock_changed,
};

/*
 * Registered late, because the change of the clock source during the boot must not count as a
 * clock_settime().
 */
static int __init watch_clock(void)
{
	pvclock_gtod_register_notifier(&clock_notifier);
	set_by = 0;	/* the registration has called clock_changed() */
	return 0;
}
late_initcall(watch_clock);

/* Delays read the clock; calibrating a loop would take 10 ms of every boot. */
void calibrate_delay(void)
{
	loops_per_jiffy = 1000000;
}

void __init time_init(void)
{
	boot_ns = lkl_host->sched_clock_ns(lkl_host_arg);
	clocksource_register_hz(&host_clock, NSEC_PER_SEC);
	host_timer.cpumask = cpumask_of(0);
	clockevents_config_and_register(&host_timer, NSEC_PER_SEC, 1, LONG_MAX);
}
