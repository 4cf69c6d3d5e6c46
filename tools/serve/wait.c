// SPDX-License-Identifier: GPL-2.0
/*
 * wait.c - wait for events of the host, without sleep if the next one comes soon
 *
 * A client that waits for each answer sends its next request some microseconds later.  If its
 * server sleeps meanwhile, an otherwise idle processor sleeps, too, and a virtual machine takes
 * about 50 us to wake it, longer than the server needs for a small request.  So ask for events
 * again and again for a short time.  If none came, ask less often: when clients send requests
 * rarely, and on a busy machine, asking only takes time from other programs.
 */
#include <stdint.h>
#include <time.h>
#include "wait.h"

#define POLL_NS		50000
#define SLEEPS_MAX	64		/* without asking before */

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* 0 if no event came for POLL_NS. */
static int poll_events(int epoll, struct epoll_event *events, int max)
{
	int64_t end = now_ns() + POLL_NS;
	int n;

	do {
		n = epoll_wait(epoll, events, max, 0);
	} while (!n && now_ns() < end);
	return n;
}

int wait_events(int epoll, struct epoll_event *events, int max, int timeout_ms)
{
	static unsigned int sleeps = 1, left = 1;	/* left: without asking */
	int n;

	if (left) {
		left--;
		return epoll_wait(epoll, events, max, timeout_ms);
	}
	n = poll_events(epoll, events, max);
	if (n) {
		sleeps = 1;
		return n;
	}
	left = sleeps;
	if (sleeps < SLEEPS_MAX)
		sleeps *= 2;
	return epoll_wait(epoll, events, max, timeout_ms);
}
