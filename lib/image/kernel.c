// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - kernels in the public interface
 *
 * A public handle is the struct anyfs_kernel of lib/host.  Other data of lib/image
 * (mounts, disks) are in a struct kstate, which a registry finds by the kernel's id.  Images
 * keep a reference to the kstate, not to the kernel, so that closing an image after the
 * shutdown of its kernel is an error and not a crash.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "image.h"
#include "instance.h"
#include "deferred-removal.h"
#include "options.h"

#define MEM_MB_DEFAULT	128u
#define MEM_MB_MIN	16u

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static struct kstate *states;

static struct kstate *kstate_new(struct anyfs_kernel *k)
{
	struct kstate *ks = calloc(1, sizeof(*ks));

	if (!ks)
		return NULL;
	ks->k = k;
	ks->id = host_kernel_id(k);
	pthread_mutex_init(&ks->tree_lock, NULL);
	pthread_mutex_init(&ks->lock, NULL);
	ks->refs = 1;			/* the registry's reference */
	ks->next = states;
	states = ks;
	return ks;
}

static void kstate_free(struct kstate *ks)
{
	struct mount_rec *m;

	while ((m = ks->mounts)) {
		ks->mounts = m->next;
		free(m);
	}
	removal_free(ks);
	pthread_mutex_destroy(&ks->lock);
	pthread_mutex_destroy(&ks->tree_lock);
	free(ks);
}

/* Drop the states of kernels that were shut down through lkl.h; the registry is locked. */
static void drop_stale(void)
{
	struct kstate **p = &states, *ks;

	while ((ks = *p)) {
		if (host_kernel_exists(ks->id)) {
			p = &ks->next;
			continue;
		}
		*p = ks->next;
		if (!--ks->refs)
			kstate_free(ks);
	}
}

struct kstate *kstate_get(struct anyfs_kernel *k)
{
	struct kstate *ks;

	if (!k)
		k = host_kernel_current();
	if (!k) {
		error_set(-ENODEV, "kernel: no kernel is running; call anyfs_kernel_init() first");
		return NULL;
	}
	pthread_mutex_lock(&registry);
	for (ks = states; ks && ks->id != host_kernel_id(k); ks = ks->next)
		;
	if (!ks) {
		drop_stale();
		ks = kstate_new(k);
	}
	if (ks)
		ks->refs++;
	else
		error_set(-ENOMEM, "kernel: out of memory");
	pthread_mutex_unlock(&registry);
	return ks;
}

struct kstate *kstate_next(uint64_t after)
{
	struct kstate *next = NULL;

	pthread_mutex_lock(&registry);
	for (struct kstate *ks = states; ks; ks = ks->next)
		if (ks->id > after && (!next || ks->id < next->id))
			next = ks;
	if (next)
		next->refs++;
	pthread_mutex_unlock(&registry);
	return next;
}

void kstate_put(struct kstate *ks)
{
	bool last;

	pthread_mutex_lock(&registry);
	last = --ks->refs == 0;
	pthread_mutex_unlock(&registry);
	if (last)
		kstate_free(ks);
}

struct anyfs_kernel *kstate_kernel(struct kstate *ks)
{
	if (host_kernel_exists(ks->id))
		return ks->k;
	error_set(-ENODEV, "kernel: the kernel was shut down");
	return NULL;
}

int kstate_error(struct anyfs_kernel *k, int err, const char *object)
{
	if (!host_kernel_is_running(k))
		return error_set(-EIO, "%s: the kernel has died: %s; shut it down and boot another",
				 object, host_kernel_death(k));
	return error_set(err, "%s: %s", object, error_name(err));
}

/* May be called from kernel code, on a small stack: no stdio. */
static void print_stderr(void *data, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= n;
	}
}

/* host_kernel_boot() or instance_boot_first() */
typedef int boot_fn(const struct host_boot_opts *opts, struct anyfs_kernel **k);

static int boot_with(boot_fn *fn, const struct anyfs_kernel_opts *given,
		     struct anyfs_kernel **kernel)
{
	struct host_boot_opts boot = { .block = &block_attach_ops };
	struct anyfs_kernel_opts opts;
	char *cmdline;
	int rc = OPTIONS_READ(anyfs_kernel_opts, lock_in_data, &opts, given);

	if (rc)
		return rc;
	if (opts.mem_mb && opts.mem_mb < MEM_MB_MIN)
		return error_set(-EINVAL, "kernel: %u MiB of memory is too little; give it at least %u",
				 opts.mem_mb, MEM_MB_MIN);
	if (opts.fixed_time > UINT32_MAX)
		return error_set(-EINVAL, "kernel: fixed_time is after the year 2106");
	if (asprintf(&cmdline, "loglevel=%d %s", opts.loglevel,
		     opts.cmdline ? opts.cmdline : "") < 0)
		return error_set(-ENOMEM, "kernel: out of memory");
	boot.mem = (size_t)(opts.mem_mb ? opts.mem_mb : MEM_MB_DEFAULT) << 20;
	boot.cmdline = cmdline;
	boot.print = opts.print ? opts.print : print_stderr;
	boot.print_data = opts.print_data;
	boot.lock_in = opts.lock_in;
	boot.lock_in_data = opts.lock_in_data;
	boot.reproducible = opts.reproducible;
	boot.fixed_time_ns = opts.fixed_time * 1000000000ull;
	rc = fn(&boot, kernel);
	free(cmdline);
	return rc;
}

int anyfs_kernel_boot(const struct anyfs_kernel_opts *opts, struct anyfs_kernel **kernel)
{
	if (!kernel)
		return error_set(-EINVAL, "anyfs_kernel_boot: the pointer for the handle is NULL");
	return boot_with(host_kernel_boot, opts, kernel);
}

int anyfs_kernel_init(const struct anyfs_kernel_opts *opts)
{
	struct anyfs_kernel *k;

	return boot_with(instance_boot_first, opts, &k);
}

int anyfs_kernel_shutdown(struct anyfs_kernel *k)
{
	int rc;

	if (!k)
		return 0;
	rc = instance_end(k);
	pthread_mutex_lock(&registry);
	drop_stale();
	pthread_mutex_unlock(&registry);
	return rc;
}

int anyfs_kernel_halt(void)
{
	struct anyfs_kernel *k = host_kernel_current();

	if (!k)
		return error_set(-ENODEV, "kernel: none is running");
	return anyfs_kernel_shutdown(k);
}

struct anyfs_kernel *anyfs_kernel_use(struct anyfs_kernel *kernel)
{
	return host_kernel_set_current(kernel);
}

struct anyfs_kernel *anyfs_kernel_current(void)
{
	return host_kernel_current();
}

int64_t anyfs_kernel_syscall(struct anyfs_kernel *k, int64_t nr, const int64_t *args)
{
	if (!k)
		k = host_kernel_current();
	if (!k)
		return error_set(-ENODEV, "kernel: none is running");
	return host_syscall(k, nr, args);
}

const char *anyfs_kernel_release(struct anyfs_kernel *k)
{
	if (!k)
		k = host_kernel_current();
	return k ? host_kernel_release(k) : "";
}

int anyfs_kernel_is_running(struct anyfs_kernel *k)
{
	if (!k)
		k = host_kernel_current();
	if (!k)
		return error_set(0, "kernel: none is running");
	if (host_kernel_is_running(k))
		return 1;
	return error_set(0, "kernel: the kernel has died: %s", host_kernel_death(k));
}

int anyfs_kernel_use_host_file_times(struct anyfs_kernel *k)
{
	if (!k)
		k = host_kernel_current();
	if (!k)
		return error_set(-ENODEV, "kernel: none is running");
	return host_kernel_open_file_clock(k);
}

int anyfs_kernel_crash(struct anyfs_kernel *k, const char *why)
{
	if (!k)
		k = host_kernel_current();
	if (!k)
		return error_set(-ENODEV, "kernel: none is running");
	host_crash(k, why);
	return kstate_error(k, -EIO, "kernel");
}

const char *anyfs_version(void)
{
	return ANYFS_VERSION;
}

const char *anyfs_strerror_last(void)
{
	return error_last();
}

void anyfs_free(void *ptr)
{
	free(ptr);
}
