/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shell-serve.h - run the verbs of a shell on the open image
 */
#ifndef ANYFS_SHELL_SERVE_H
#define ANYFS_SHELL_SERVE_H

#include "tool.h"

/*
 * Serve the requests on the socket @sock until the shell ends or a signal comes; sets t->status.
 * t->image is open and t->session is set.
 */
void shell_serve(struct tool *t, int sock);

#endif /* ANYFS_SHELL_SERVE_H */
