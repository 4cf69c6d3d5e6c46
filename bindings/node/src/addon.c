// SPDX-License-Identifier: GPL-2.0
/*
 * addon.c - the module of Node.js: open, call, describe and close a disk
 *
 * The JavaScript side (lib/native.js) checks all arguments before it calls.  Results of
 * asynchronous calls go to one function, dispatch(id, result, text); id 0 is a note.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "addon.h"

static void put_handle(struct handle *h)
{
	if (--h->users)
		return;
	if (h->disk)
		disk_free(h->disk);
	free(h);
}

/* Calls that were queued before the release still come: @h stays until this one. */
static void wakeup_ended(napi_env env, void *data, void *hint)
{
	put_handle(data);
}

static void end_waiting(struct handle *h)
{
	if (!h->wakeup)
		return;
	napi_remove_env_cleanup_hook(h->env, abandon_disk, h);
	disk_close_wait(h->disk);
	napi_release_threadsafe_function(h->wakeup, napi_tsfn_release);
	h->wakeup = NULL;
}

/* The environment ends (process.exit, worker.terminate) while the disk is open. */
void abandon_disk(void *data)
{
	struct handle *h = data;

	disk_close_begin(h->disk, 0);
	disk_close_wait(h->disk);
	pthread_mutex_lock(&h->disk->lock);
	h->disk->notify = NULL;
	pthread_mutex_unlock(&h->disk->lock);
	h->abandoned = true;
}

/* Called from any thread, once for each time the done list becomes non-empty. */
static void wake_javascript(void *data)
{
	struct handle *h = data;

	napi_call_threadsafe_function(h->wakeup, NULL, napi_tsfn_nonblocking);
}

static void dispatch_one(struct handle *h, napi_env env, napi_value dispatch, struct job *job)
{
	napi_value args[3], undefined, error;
	bool pending = false;

	napi_get_undefined(env, &undefined);
	napi_create_uint32(env, job->id, &args[0]);
	napi_create_int64(env, job->result, &args[1]);
	args[2] = undefined;
	if (job->text)
		napi_create_string_utf8(env, job->text, NAPI_AUTO_LENGTH, &args[2]);
	napi_call_function(env, undefined, dispatch, 3, args, NULL);
	napi_is_exception_pending(env, &pending);
	/* An exception of a callback is an uncaught exception, as in node:fs. */
	if (pending && !napi_get_and_clear_last_exception(env, &error))
		napi_fatal_exception(env, error);
}

static void on_wakeup(napi_env env, napi_value dispatch, void *context, void *data)
{
	struct handle *h = context;
	struct job *job, *next;

	if (!env)
		return;
	for (job = disk_collect(h->disk); job; job = next) {
		napi_handle_scope scope;

		next = job->next;
		napi_open_handle_scope(env, &scope);
		if (job->kind == JOB_CLOSE)
			end_waiting(h);
		if (job->id || job->kind == JOB_NOTE)
			dispatch_one(h, env, dispatch, job);
		napi_close_handle_scope(env, scope);
		job_free(job);
	}
}

static void free_handle(napi_env env, void *data, void *hint)
{
	struct handle *h = data;

	if (h->wakeup && !h->abandoned) {
		disk_close_begin(h->disk, 0);
		end_waiting(h);
	}
	put_handle(h);
}

static bool make_wakeup(napi_env env, napi_value dispatch, struct handle *h)
{
	napi_value name;

	return !napi_create_string_utf8(env, "anyfs", NAPI_AUTO_LENGTH, &name) &&
	       !napi_create_threadsafe_function(env, dispatch, NULL, name, 0, 1, h, wakeup_ended,
						h, on_wakeup, &h->wakeup) &&
	       !napi_unref_threadsafe_function(env, h->wakeup);
}

/* open(options, id, dispatch): a handle; the result is dispatched. */
napi_value addon_open(napi_env env, napi_callback_info info)
{
	struct disk_options opts;
	napi_value argv[3], result;
	size_t argc = 3;
	struct handle *h;
	uint32_t id;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	napi_get_value_uint32(env, argv[1], &id);
	h = calloc(1, sizeof(*h));
	if (!h)
		return throw_code(env, "ENOMEM", "out of memory");
	h->env = env;
	h->users = 2;
	read_options(env, argv[0], &opts);
	if (!make_wakeup(env, argv[2], h)) {
		disk_options_free(&opts);
		free(h);
		return throw_code(env, "ENOMEM", "out of memory");
	}
	h->disk = disk_new(&opts, id, wake_javascript, h);
	if (!h->disk) {
		h->users = 1;
		napi_release_threadsafe_function(h->wakeup, napi_tsfn_release);
		return throw_code(env, "EAGAIN", "cannot start a thread");
	}
	napi_add_env_cleanup_hook(env, abandon_disk, h);
	if (napi_create_external(env, h, free_handle, NULL, &result))
		return NULL;
	napi_type_tag_object(env, result, &handle_tag);
	return result;
}

static napi_value run_job(napi_env env, struct handle *h, struct job *job)
{
	napi_value result;
	int rc;

	if (job->id) {
		rc = disk_submit(h->disk, job);
		if (rc)
			job_free(job);
		napi_create_int64(env, rc, &result);
		return result;
	}
	if (h->disk->state != DISK_OPEN)
		job->result = -EBADF;
	else
		job_run(h->disk, &h->disk->view, job);
	if (job->text)
		napi_create_string_utf8(env, job->text, NAPI_AUTO_LENGTH, &result);
	else
		napi_create_int64(env, job->result, &result);
	if (job->text && job->result) {
		/* An error with its reason. */
		napi_value pair, number;

		napi_create_array_with_length(env, 2, &pair);
		napi_create_int64(env, job->result, &number);
		napi_set_element(env, pair, 0, number);
		napi_set_element(env, pair, 1, result);
		result = pair;
	}
	job_free(job);
	return result;
}

static napi_value start_job(napi_env env, napi_callback_info info, bool syscall)
{
	napi_value argv[10];
	size_t argc = 10;
	struct handle *h;
	struct job *job;
	uint32_t kind = JOB_SYSCALL;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	if (!h)
		return throw_code(env, "ERR_INVALID_ARG_TYPE", "not a handle of a disk");
	job = job_new(JOB_SYSCALL);
	if (!job)
		return throw_code(env, "ENOMEM", "out of memory");
	napi_get_value_uint32(env, argv[1], &job->id);
	if (syscall) {
		napi_get_value_int64(env, argv[2], &job->nr);
	} else {
		napi_get_value_uint32(env, argv[2], &kind);
		job->kind = kind;
	}
	napi_get_value_uint32(env, argv[3], &job->flags);
	for (size_t i = 4; i < argc; i++) {
		if (read_argument(env, argv[i], job, i - 4))
			continue;
		job_free(job);
		return throw_code(env, "ERR_INVALID_ARG_TYPE", "not an argument of a system call");
	}
	return run_job(env, h, job);
}

/* call(handle, id, number, flags, ...arguments): a system call; id 0: at once. */
napi_value addon_call(napi_env env, napi_callback_info info)
{
	return start_job(env, info, true);
}

/* run(handle, id, kind, flags, ...arguments): a job of another kind. */
napi_value addon_run(napi_env env, napi_callback_info info)
{
	return start_job(env, info, false);
}

/* close(handle, id): dispatched later; close(handle, 0): at once, returns the result. */
napi_value addon_close(napi_env env, napi_callback_info info)
{
	napi_value argv[2], result;
	struct handle *h;
	size_t argc = 2;
	uint32_t id = 0;
	int rc;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	if (!h)
		return throw_code(env, "ERR_INVALID_ARG_TYPE", "not a handle of a disk");
	napi_get_value_uint32(env, argv[1], &id);
	rc = disk_close_begin(h->disk, id);
	if (!rc && !id) {
		disk_close_wait(h->disk);
		rc = h->disk->close_result;
	}
	napi_create_int64(env, rc, &result);
	return result;
}

/* hold(handle, wanted): whether the event loop waits for this disk. */
napi_value addon_hold(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct handle *h;
	size_t argc = 2;
	bool wanted = false;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	napi_get_value_bool(env, argv[1], &wanted);
	if (!h || !h->wakeup)
		return NULL;
	if (wanted)
		napi_ref_threadsafe_function(env, h->wakeup);
	else
		napi_unref_threadsafe_function(env, h->wakeup);
	return NULL;
}

/* strerror(errno): the text of an error number. */
napi_value addon_strerror(napi_env env, napi_callback_info info)
{
	napi_value argv[1], result;
	size_t argc = 1;
	int32_t err = 0;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	napi_get_value_int32(env, argv[0], &err);
	napi_create_string_utf8(env, lkl_strerror(err), NAPI_AUTO_LENGTH, &result);
	return result;
}
