/* SPDX-License-Identifier: GPL-2.0 */
/*
 * addon.h - the functions that JavaScript calls, and conversions of its values
 */
#ifndef ANYFS_NODE_ADDON_H
#define ANYFS_NODE_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>
#include "disk.h"

/* The handle of a disk in JavaScript. */
struct handle {
	napi_env env;
	struct disk *disk;
	napi_threadsafe_function wakeup;	/* NULL after the disk has closed */
	bool abandoned;				/* the environment has closed the disk */
	unsigned int users;			/* the JavaScript object, and wakeup */
};

extern const napi_type_tag handle_tag;

/* ---- values.c: read values of JavaScript ---- */

/* The handle that @value holds; NULL if it is not one. */
struct handle *get_handle(napi_env env, napi_value value);
/* Store a number, string, byte array, array of byte arrays or null as argument @i of @job. */
bool read_argument(napi_env env, napi_value value, struct job *job, unsigned int i);
/* Read the options of open(); absent members stay zero. */
void read_options(napi_env env, napi_value object, struct disk_options *opts);
/* The bytes of a typed array, borrowed.  False if @value is not a typed array. */
bool read_bytes(napi_env env, napi_value value, void **data, size_t *len);
/* Members of an object: a text to be freed, or NULL; a number, or 0. */
char *text_member(napi_env env, napi_value object, const char *name);
int64_t number_member(napi_env env, napi_value object, const char *name);
/* Throw an Error with that code.  Returns NULL. */
napi_value throw_code(napi_env env, const char *code, const char *message);

/* ---- addon.c: the functions of the module ---- */

void abandon_disk(void *handle);
napi_value addon_open(napi_env env, napi_callback_info info);
napi_value addon_call(napi_env env, napi_callback_info info);
napi_value addon_run(napi_env env, napi_callback_info info);
napi_value addon_close(napi_env env, napi_callback_info info);
napi_value addon_wait(napi_env env, napi_callback_info info);
napi_value addon_answer(napi_env env, napi_callback_info info);
napi_value addon_death(napi_env env, napi_callback_info info);
napi_value addon_hold(napi_env env, napi_callback_info info);
napi_value addon_strerror(napi_env env, napi_callback_info info);

#endif
