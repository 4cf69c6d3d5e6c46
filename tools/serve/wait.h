/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wait.h - wait for events of the host
 */
#ifndef ANYFS_SERVE_WAIT_H
#define ANYFS_SERVE_WAIT_H

#include <sys/epoll.h>

/* As epoll_wait(); for one thread only. */
int wait_events(int epoll, struct epoll_event *events, int max, int timeout_ms);

#endif /* ANYFS_SERVE_WAIT_H */
