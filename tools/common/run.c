// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - the stages of a run: sandbox, kernel, image, end
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "keys.h"
#include "messages.h"
#include "options.h"
#include "output-write.h"
#include "output.h"
#include "read-only.h"
#include "run.h"
#include "session.h"
#include "signals.h"
#include "source-date.h"
#include "volumes.h"
#include <lkl/linux/mount.h>
#include <lkl/linux/resource.h>

/*
 * Let dirty pages use most of the memory.  With the default limits some file systems (f2fs)
 * flush all dirty data for each new file once there are 12 MiB of it.
 */
#define WRITE_CMDLINE	"sysctl.vm.dirty_ratio=60 sysctl.vm.dirty_background_ratio=20"
/*
 * Free cached pages while @parts of 10000 parts of the memory are free.  Those pages are used
 * again before pages that were never touched, which the host would have to clear.
 */
#define FREE_EARLY(parts)	"sysctl.vm.watermark_scale_factor=" #parts

/* If the user sets the size of the memory, all of it may be needed: then free nothing early. */
static const char *command_line(const struct tool *t)
{
	if (t->verb->writes)
		return t->mem_mb ? WRITE_CMDLINE : WRITE_CMDLINE " " FREE_EARLY(3000);
	return t->mem_mb ? NULL : FREE_EARLY(2000);
}

static void note_mount(void *data, const char *text)
{
	tool_note(data, "%s", text);
	result_note(data, text);
}

/* Print the reason of an I/O error, because a read can only report EIO.  Runs in any thread. */
static void note_source(void *data, const char *text)
{
	tool_note(data, "%s", text);
}

void tool_needs_host(struct tool *t, const char *path, bool write)
{
	struct sandbox_path *more;

	session_require_host(t);
	if (session_has_verb(t))
		return;
	more = realloc(t->host, (t->nr_host + 1) * sizeof(*more));

	if (!more)
		tool_no_memory(t);
	t->host = more;
	t->host[t->nr_host++] = (struct sandbox_path){ .path = path, .write = write };
}

static bool creates_on_host(const struct tool *t)
{
	for (size_t i = 0; i < t->nr_host; i++)
		if (t->host[i].write)
			return true;
	return false;
}

static enum sandbox_profile profile_of(const struct tool *t)
{
	if (t->session)
		return t->session->host ? SANDBOX_SHELL_HOST :
		       t->session->write ? SANDBOX_SHELL_WRITE : SANDBOX_SHELL;
	/* PUT allows reading files of the host; the image's descriptor is read-only. */
	if (t->nr_host && !t->verb->writes && !t->verb->serves && !creates_on_host(t))
		return SANDBOX_PUT;
	if (t->verb->serves)
		return t->verb->writes ? SANDBOX_SERVE_WRITE : SANDBOX_SERVE;
	if (t->verb->writes)
		return t->nr_host ? SANDBOX_PUT : SANDBOX_CHANGE;
	return t->nr_host ? SANDBOX_GET : SANDBOX_READ;
}

/* Called when the image is open, but has not been read, and there is only one thread. */
static int enter_sandbox(void *data)
{
	struct tool *t = data;
	const struct sandbox sb = {
		.program = t->program, .profile = profile_of(t), .paths = t->host,
		.nr_paths = t->nr_host,
	};
	struct sandbox_state state;
	char text[1024];

	if (t->verbose)
		tool_note_read_only(t);
	if (t->no_sandbox) {
		if (t->verbose)
			tool_note(t, "sandbox: off (--no-sandbox)");
		return 0;
	}
	tzset();			/* reads a file, which the sandbox forbids later */
	if (sandbox_enter(&sb, &state, text, sizeof(text))) {
		tool_error(t, "cannot enter the sandbox: %s; --no-sandbox runs without it", text);
		tool_finish(t);
	}
	if (t->verbose) {
		sandbox_describe(&sb, &state, text, sizeof(text));
		tool_note(t, "%s", text);
	}
	return 0;
}

/* End the program if @rc is an error. */
static void exit_on_error(struct tool *t, int rc)
{
	if (!rc)
		return;
	tool_error(t, "%s", anyfs_strerror_last());
	tool_finish(t);
}

/* End the program if opening an image has failed with @rc. */
static void exit_unless_open(struct tool *t, int rc)
{
	if (!rc)
		return;
	tool_error(t, "%s", anyfs_strerror_last());
	if (tool_is_key_error(rc))
		t->status = EXIT_KEY;
	else if (!t->verb->failed_status && !t->verb->serves)
		t->status = EXIT_OPEN;
	tool_finish(t);
}

static bool reproducible;	/* as in struct anyfs_kernel_opts, of this process's kernel */

bool tool_is_reproducible(void)
{
	return reproducible;
}

/* SOURCE_DATE_EPOCH makes verbs that write reproducible, but not servers.  Returns its value. */
static uint64_t choose_reproducible(struct tool *t)
{
	uint64_t seconds = 0;
	int set = t->verb->writes && !t->verb->serves ? source_date(t, &seconds) : 0;

	if (set < 0)
		tool_finish(t);
	reproducible = set;
	return seconds;
}

void tool_boot(struct tool *t)
{
	uint64_t fixed_time = choose_reproducible(t);
	const struct anyfs_kernel_opts opts = {
		.struct_size = sizeof(opts),
		.mem_mb = t->mem_mb ? t->mem_mb :
			  t->verb->writes ? TOOL_MEM_WRITE_MB : TOOL_MEM_MB,
		.loglevel = t->verbose ? 7 : 0,
		.cmdline = command_line(t),
		.lock_in = enter_sandbox,
		.lock_in_data = t,
		.fixed_time = fixed_time,
		.reproducible = reproducible,
	};

	exit_on_error(t, anyfs_kernel_init(&opts));
}

void tool_add_member(struct tool *t, const char *path)
{
	struct tool_member *more;

	if (session_has_verb(t))
		tool_usage(t, "%s: a shell has one image", path);
	more = reallocarray(t->members, t->nr_members + 1, sizeof(*more));
	if (!more)
		tool_no_memory(t);
	t->members = more;
	t->members[t->nr_members++] = (struct tool_member){ .path = path };
}

void tool_add_image(struct tool *t, const char *path)
{
	tool_add_member(t, path);
	t->members[t->nr_members - 1].readonly = true;
}

void tool_use_image(struct tool *t, size_t nr)
{
	if (!t->first_image) {
		t->first_image = t->image;
		t->first_path = t->image_path;
	}
	t->image = nr ? t->members[nr - 1].image : t->first_image;
	t->image_path = nr ? t->members[nr - 1].path : t->first_path;
}

static unsigned int disk_flags(const struct tool *t)
{
	/* The image is only read, so it may be truncated or in use. */
	if (t->verb->keeps_discards)
		return ANYFS_DISK_SNAPSHOT | ANYFS_DISK_KEEP_DISCARDS | ANYFS_DISK_FORCE_WRITE;
	/* A server tells its clients what it could not store, and goes on when the host can. */
	return (t->verb->writes ? 0 : ANYFS_DISK_READONLY) |
	       (t->verb->writes && !t->verb->serves ? ANYFS_DISK_STOP_ON_ERROR : 0) |
	       (t->force_write ? ANYFS_DISK_FORCE_WRITE : 0);
}

/* Members are whole disks: the options for the image do not apply to them. */
static void open_member_source(struct tool *t, struct tool_member *m)
{
	const struct anyfs_disk_opts disk = {
		.struct_size = sizeof(disk),
		.flags = m->readonly ? ANYFS_DISK_READONLY : disk_flags(t),
		.backing_dir = t->backing_dir,
		.unpack_dir = t->unpack_dir, .unpack_limit = t->unpack_limit,
		.unpack_progress = progress_unpack, .unpack_data = t,
	};

	if (!m->readonly && t->overlay)
		tool_usage(t, "--member and --overlay exclude each other: an overlay belongs to one image");
	exit_unless_open(t, tool_open_source(t, m->path, &disk, &m->source));
}

/*
 * Whether paths can name other images: /disk1 is that of the first --member.  Servers find the
 * image of a share themselves.
 */
static bool has_disk_paths(const struct tool *t)
{
	for (size_t i = 0; !t->verb->serves && i < t->nr_members; i++)
		if (!t->members[i].readonly)
			return true;
	return false;
}

static void configure_image(struct tool *t, struct anyfs_image *image)
{
	struct anyfs_image_opts opts = {
		.struct_size = sizeof(opts),
		.fstype = t->fstype,
		.opts = t->mount_opts,
		.note = note_mount,
		.note_data = t,
		.degraded = t->degraded,
		.subvol = t->subvol,
		.disk_paths = has_disk_paths(t),
		.mount_flags = t->verb->keeps_discards ? LKL_MS_RDONLY : 0,
	};

	keys_configure(t, &opts);
	exit_on_error(t, anyfs_image_configure(image, &opts));
}

static void open_members(struct tool *t)
{
	for (size_t i = 0; i < t->nr_members; i++) {
		struct tool_member *m = &t->members[i];

		exit_unless_open(t, anyfs_image_open_source(NULL, m->source, &m->image));
		configure_image(t, m->image);
	}
}

void tool_open(struct tool *t, const char *path)
{
	const struct anyfs_disk_opts disk = {
		.struct_size = sizeof(disk),
		.flags = disk_flags(t),
		.overlay = t->overlay,
		.sector_size = t->sector_size,
		.offset = t->offset,
		.size = t->size,
		.format = t->format,
		.snapshot = t->snapshot,
		.backing_dir = t->backing_dir,
		.cache_file = t->cache_file, .cache_size = t->cache_size,
		.headers = t->headers, .nr_headers = t->nr_headers,
		.download = t->download, .net_timeout = t->net_timeout,
		.no_sandbox = t->no_sandbox, .note = note_source, .note_data = t,
		.unpack_dir = t->unpack_dir,
		.unpack_limit = t->unpack_limit,
		.unpack_progress = progress_unpack,
		.unpack_data = t,
	};
	struct anyfs_source *source;

	if (session_has_verb(t)) {
		session_open(t, path);
		return;
	}
	t->image_path = path;
	if (!tool_interrupt_output())
		tool_no_memory(t);
	if (t->verb->never_asks)
		keys_never_ask();
	exit_on_error(t, keys_prepare(-1));
	exit_unless_open(t, tool_open_source(t, path, &disk, &source));
	for (size_t i = 0; i < t->nr_members; i++)
		open_member_source(t, &t->members[i]);
	/* Before that a signal ends the process: a download may take long. */
	if (t->verb->writes || t->verb->catches_signals || t->session)
		tool_catch_signals(t);
	if (t->opens_inner)
		anyfs_formats_prepare();
	tool_boot(t);
	exit_unless_open(t, anyfs_image_open_source(NULL, source, &t->image));
	exit_on_error(t, volumes_configure(t->image));
	configure_image(t, t->image);
	open_members(t);
	/* Of several images, each may have the volume. */
	if (!t->nr_members)
		keys_check(t, t->image);
}

/*
 * Written data is safe only after unmounting, flushing and halting the kernel; each step
 * can fail.  First close the files that the verb left open: they would keep the file
 * system busy.
 */
static void store_image(struct tool *t)
{
	struct anyfs_image *image = t->first_image ? t->first_image : t->image;
	int rc;

	if (!image || !t->verb->writes)
		return;
	t->image = NULL;
	lkl_sys_chdir("/");
	lkl_sys_close_range(0, ~0u, 0);
	rc = anyfs_image_close(image);
	if (rc)
		tool_error(t, "%s", anyfs_strerror_last());
	for (size_t i = 0; i < t->nr_members; i++) {
		int err = anyfs_image_close(t->members[i].image);

		if (err && !rc)
			tool_error(t, "%s", anyfs_strerror_last());
		if (err)
			rc = err;
	}
	if (anyfs_kernel_halt() && !rc)
		tool_error(t, "%s: %s", t->image_path, anyfs_strerror_last());
}

static void note_output_error(struct tool *t, int err)
{
	if (!t->output_error)
		t->output_error = err ? err : EIO;
}

void tool_output_failed(struct tool *t, int err)
{
	note_output_error(t, err);
	tool_take_signal(t);
	if (!session_has_verb(t))
		tool_finish(t);
	t->end_early = true;
}

static void report_output_error(struct tool *t)
{
	/* A program such as head(1) may end before it has read everything. */
	if (t->output_error == EPIPE) {
		t->status = EXIT_SIGNAL + SIGPIPE;
		return;
	}
	if (t->output_error == EINTR && tool_take_signal(t)) {
		t->status = EXIT_SIGNAL + t->signal;
		return;
	}
	fprintf(stderr, "%s: standard output: %s\n", t->program, strerror(t->output_error));
	t->status = tool_failed_status(t);
}

/*
 * For an image that was opened read-only nothing is left to write, so exiting without
 * halting the kernel is safe.
 */
int tool_finish(struct tool *t)
{
	int err;

	progress_end();
	if (!session_has_verb(t))
		store_image(t);
	if (t->signal)
		t->status = EXIT_SIGNAL + t->signal;
	result_end(t);
	err = tool_flush_output();
	if (err)
		note_output_error(t, err);
	/* Some file systems report a full disk only on close(). */
	if (close(STDOUT_FILENO) && errno != EBADF)
		note_output_error(t, errno);
	if (t->output_error)
		report_output_error(t);
	progress_report_end(t);
	tool_exit(t, t->status);
}

void tool_exit(struct tool *t, int status)
{
	if (session_has_verb(t))
		session_end_verb(t, status);
	_exit(status);
}
