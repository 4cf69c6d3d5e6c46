// SPDX-License-Identifier: GPL-2.0
/*
 * addon.c - the module of Node.js: open, call, describe and close a disk
 *
 * The JavaScript side (lib/native.js) checks all arguments before it calls.  Results of
 * asynchronous calls go to one function, dispatch(id, result); id 0 is a note, and dispatch(-1,
 * question) asks a question, which JavaScript answers by calling answer().
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

/* The finalizer of h->wakeup.  Calls that were queued before its release still use the handle. */
static void wakeup_ended(napi_env env, void *data, void *hint)
{
	put_handle(data);
}

static void end_waiting(struct handle *h)
{
	if (!h->wakeup)
		return;
	napi_remove_env_cleanup_hook(h->env, abandon_disk, h);
	h->disk->ops->close_wait(h->disk);
	napi_release_threadsafe_function(h->wakeup, napi_tsfn_release);
	h->wakeup = NULL;
}

/* Called if the environment ends (process.exit, worker.terminate) while the disk is open. */
void abandon_disk(void *data)
{
	struct handle *h = data;

	questions_abandon(h->disk);
	h->disk->ops->close_begin(h->disk, 0);
	h->disk->ops->close_wait(h->disk);
	pthread_mutex_lock(&h->disk->lock);
	h->disk->notify = NULL;
	pthread_mutex_unlock(&h->disk->lock);
	h->abandoned = true;
}

/* Called from any thread when the first job is added to the empty done list. */
static void wake_javascript(void *data)
{
	struct handle *h = data;

	napi_call_threadsafe_function(h->wakeup, NULL, napi_tsfn_nonblocking);
}

/* The result of @job: a number, a text, or an array of both for an error with a text. */
static napi_value result_of(napi_env env, const struct job *job)
{
	napi_value number, text, pair;

	napi_create_int64(env, job->result, &number);
	if (!job->text)
		return number;
	napi_create_string_utf8(env, job->text, NAPI_AUTO_LENGTH, &text);
	if (!job->result)
		return text;
	napi_create_array_with_length(env, 2, &pair);
	napi_set_element(env, pair, 0, number);
	napi_set_element(env, pair, 1, text);
	return pair;
}

static void dispatch_one(napi_env env, napi_value dispatch, struct job *job)
{
	napi_value args[2], undefined, error;
	bool pending = false;

	napi_get_undefined(env, &undefined);
	napi_create_uint32(env, job->id, &args[0]);
	args[1] = result_of(env, job);
	napi_call_function(env, undefined, dispatch, 2, args, NULL);
	napi_is_exception_pending(env, &pending);
	/* An exception of a callback is an uncaught exception, like in node:fs. */
	if (pending && !napi_get_and_clear_last_exception(env, &error))
		napi_fatal_exception(env, error);
}

static void put_number(napi_env env, napi_value array, uint32_t i, double number)
{
	napi_value value;

	napi_create_double(env, number, &value);
	napi_set_element(env, array, i, value);
}

/* [id, kind, disk, offset, length, attempt, bytes or text] */
static napi_value question_value(napi_env env, const struct question *q)
{
	napi_value array, content;

	napi_create_array_with_length(env, 7, &array);
	put_number(env, array, 0, q->id);
	put_number(env, array, 1, q->kind);
	put_number(env, array, 2, q->disk);
	put_number(env, array, 3, q->offset);
	put_number(env, array, 4, q->len);
	put_number(env, array, 5, q->attempt);
	napi_get_undefined(env, &content);
	if (q->kind == ASK_WRITE)
		napi_create_buffer_copy(env, q->len, q->data, NULL, &content);
	else if (q->kind == ASK_KEY)
		napi_create_string_utf8(env, q->text, NAPI_AUTO_LENGTH, &content);
	napi_set_element(env, array, 6, content);
	return array;
}

/* Pass @q to JavaScript.  True if the answer comes later. */
static bool ask_javascript(napi_env env, struct handle *h, napi_value dispatch, struct question *q)
{
	napi_value args[2], undefined, later, error;
	uint32_t id = q->id;
	bool is_later = false;

	napi_get_undefined(env, &undefined);
	napi_create_int32(env, -1, &args[0]);
	args[1] = question_value(env, q);
	question_taken(h->disk, q);	/* do not use @q afterwards */
	if (!napi_call_function(env, undefined, dispatch, 2, args, &later))
		napi_get_value_bool(env, later, &is_later);
	else if (!napi_get_and_clear_last_exception(env, &error))
		h->disk->ops->answer(h->disk, id, -EIO, NULL, 0);
	return is_later;
}

static void ask_all(napi_env env, struct handle *h, napi_value dispatch)
{
	struct question *q;

	while ((q = question_take(h->disk))) {
		napi_handle_scope scope;

		napi_open_handle_scope(env, &scope);
		ask_javascript(env, h, dispatch, q);
		napi_close_handle_scope(env, scope);
	}
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
			dispatch_one(env, dispatch, job);
		napi_close_handle_scope(env, scope);
		job_free(job);
	}
	ask_all(env, h, dispatch);
}

static void free_handle(napi_env env, void *data, void *hint)
{
	struct handle *h = data;

	if (h->wakeup && !h->abandoned) {
		questions_abandon(h->disk);
		h->disk->ops->close_begin(h->disk, 0);
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

/* open(options, id, dispatch): returns a handle; the result of opening is dispatched with @id. */
napi_value addon_open(napi_env env, napi_callback_info info)
{
	struct disk_options opts;
	napi_value argv[3], result;
	size_t argc = 3;
	struct handle *h;
	char *program;
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
	program = text_member(env, argv[0], "worker");
	if (program)
		h->disk = remote_new(&opts, program, number_member(env, argv[0], "timeout"), id,
				     wake_javascript, h);
	else
		h->disk = disk_new(&opts, id, wake_javascript, h);
	free(program);
	if (!h->disk) {
		h->users = 1;
		napi_release_threadsafe_function(h->wakeup, napi_tsfn_release);
		return throw_code(env, "EAGAIN", "cannot start a thread or a process");
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
		rc = h->disk->ops->submit(h->disk, job);
		if (rc)
			job_free(job);
		napi_create_int64(env, rc, &result);
		return result;
	}
	if (h->disk->state != DISK_OPEN || h->disk->remote)
		job->result = -EBADF;
	else
		job_run(h->disk, &h->disk->view, job);
	result = result_of(env, job);
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

/* call(handle, id, number, flags, ...arguments): a system call; id 0: run it on this thread. */
napi_value addon_call(napi_env env, napi_callback_info info)
{
	return start_job(env, info, true);
}

/* run(handle, id, kind, flags, ...arguments): a job of another kind. */
napi_value addon_run(napi_env env, napi_callback_info info)
{
	return start_job(env, info, false);
}

/* close(handle, id): the result is dispatched; close(handle, 0) waits and returns the result. */
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
	rc = h->disk->ops->close_begin(h->disk, id);
	if (!rc && !id) {
		h->disk->ops->close_wait(h->disk);
		rc = h->disk->close_result;
	}
	napi_create_int64(env, rc, &result);
	return result;
}

/* Wait for a question, or for the done job @id. */
static struct job *wait_for_job(struct disk *d, uint32_t id, struct question **q)
{
	struct job *job;

	for (;;) {
		*q = question_take(d);
		if (*q)
			return NULL;
		pthread_mutex_lock(&d->lock);
		job = disk_take_done(d, id);
		if (!job && !question_is_waiting(d))
			pthread_cond_wait(&d->changed, &d->lock);
		pthread_mutex_unlock(&d->lock);
		if (job)
			return job;
	}
}

/*
 * wait(handle, id, dispatch): wait for the job @id, and answer questions meanwhile.  Returns
 * its result, or undefined if JavaScript will answer a question later: then the job is
 * dispatched later, too.
 */
napi_value addon_wait(napi_env env, napi_callback_info info)
{
	napi_value argv[3], result;
	struct question *q;
	struct handle *h;
	size_t argc = 3;
	struct job *job;
	uint32_t id = 0;
	bool is_later;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	if (!h || !h->disk)
		return throw_code(env, "ERR_INVALID_ARG_TYPE", "not a handle of a disk");
	napi_get_value_uint32(env, argv[1], &id);
	while (!(job = wait_for_job(h->disk, id, &q))) {
		napi_handle_scope scope;

		napi_open_handle_scope(env, &scope);
		is_later = ask_javascript(env, h, argv[2], q);
		napi_close_handle_scope(env, scope);
		if (is_later)
			return NULL;
	}
	result = result_of(env, job);
	if (job->kind == JOB_CLOSE)
		end_waiting(h);
	job_free(job);
	return result;
}

/* answer(handle, question, result, bytes): bytes may be null. */
napi_value addon_answer(napi_env env, napi_callback_info info)
{
	napi_value argv[4];
	struct handle *h;
	size_t argc = 4, len = 0;
	void *bytes = NULL;
	int64_t result = 0;
	uint32_t id = 0;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	if (!h || !h->disk)
		return throw_code(env, "ERR_INVALID_ARG_TYPE", "not a handle of a disk");
	napi_get_value_uint32(env, argv[1], &id);
	napi_get_value_int64(env, argv[2], &result);
	read_bytes(env, argv[3], &bytes, &len);
	h->disk->ops->answer(h->disk, id, result, bytes, len);
	return NULL;
}

/* death(handle): [errno, reason] if the process of the kernel has ended; else undefined. */
napi_value addon_death(napi_env env, napi_callback_info info)
{
	struct job job = { 0 };
	const char *why;
	napi_value argv[1];
	struct handle *h;
	size_t argc = 1;

	napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
	h = get_handle(env, argv[0]);
	if (!h || !h->disk || !h->disk->remote)
		return NULL;
	job.result = remote_death(h->disk, &why);
	job.text = (char *)why;
	return job.result ? result_of(env, &job) : NULL;
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
