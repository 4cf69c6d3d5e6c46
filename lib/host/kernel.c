// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - boot and destroy kernel instances, and find the current one
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "internal.h"

#define MIN_MEM		(16UL << 20)

/* Guards the list of instances, oldest first. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct anyfs_kernel *registry;
/* Every system call reads this variable; initial-exec avoids a call of __tls_get_addr(). */
static __thread struct anyfs_kernel *current __attribute__((tls_model("initial-exec")));

/* ---- registry ---- */

static void registry_add(struct anyfs_kernel *k)
{
	static uint64_t last_id;
	struct anyfs_kernel **p;

	pthread_mutex_lock(&registry_lock);
	k->id = ++last_id;
	for (p = &registry; *p; p = &(*p)->registry_next)
		;
	__atomic_store_n(p, k, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&registry_lock);
}

static void registry_remove(struct anyfs_kernel *k)
{
	struct anyfs_kernel **p;

	pthread_mutex_lock(&registry_lock);
	for (p = &registry; *p != k; p = &(*p)->registry_next)
		;
	__atomic_store_n(p, k->registry_next, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&registry_lock);
}

bool host_kernel_exists(uint64_t id)
{
	struct anyfs_kernel *k;

	pthread_mutex_lock(&registry_lock);
	for (k = registry; k && k->id != id; k = k->registry_next)
		;
	pthread_mutex_unlock(&registry_lock);
	return k != NULL;
}

uint64_t host_kernel_id(struct anyfs_kernel *k)
{
	return k->id;
}

struct anyfs_kernel *host_kernel_current(void)
{
	return current ? current : __atomic_load_n(&registry, __ATOMIC_ACQUIRE);
}

struct anyfs_kernel *host_kernel_set_current(struct anyfs_kernel *k)
{
	struct anyfs_kernel *old = current;

	current = k;
	return old;
}

/* ---- boot ---- */

int host_kernel_object(char *path, size_t len)
{
	return os_object_path(path, len);
}

static int start_kernel(struct anyfs_kernel *k, const char *cmdline)
{
	struct lkl_boot_params params = {
		.size = sizeof(params),
		.host = k,
		.arena = (lkl_addr)k->arena.base,
		.arena_size = k->arena.size,
		.private_size = k->arena.size - k->arena.shared,
		.vmalloc = (lkl_addr)k->arena.window,
		.vmalloc_size = k->arena.window_size,
		.command_line = cmdline,
	};
	struct host_thread *t = thread_get(k);
	int err;

	if (!t)
		return error_set(-ENOMEM, "kernel: out of memory");
	params.thread = &t->abi;
	k->init_thread = t;
	err = k->ops->prepare(k, &params);
	if (err)
		return error_set(err, "kernel: boot parameters rejected: %s", error_name(err));
	err = service_start(k);
	if (err)
		return error_set(err, "kernel: cannot start a thread: %s", error_name(err));
	err = cpu_boot(t);
	if (err) {
		error_set(err, "kernel: died while booting: %s", k->death);
		service_stop(k);
	}
	return err;
}

int host_kernel_open_file_clock(struct anyfs_kernel *k)
{
	int clock = os_file_clock_open(), unused = -1;

	if (clock < 0)
		return error_set(clock, "kernel: cannot create the file that shows the time "
				 "of the host's files: %s", error_name(clock));
	if (!__atomic_compare_exchange_n(&k->file_clock, &unused, clock, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		os_file_clock_close(clock);	/* an earlier call has opened it */
	return 0;
}

/* Which limit may be the reason. */
static const char *memory_hint(int err)
{
	if (err == -EFBIG)
		return "; the limit of file sizes, which applies to this memory, is too small (RLIMIT_FSIZE, ulimit -f)";
	if (err == -ENOMEM)
		return "; if the address space is limited (RLIMIT_AS, ulimit -v), raise the limit";
	return "";
}

int host_kernel_boot(const struct host_boot_opts *opts, struct anyfs_kernel **kernel)
{
	struct anyfs_kernel *k;
	char path[PATH_MAX];
	int err;

	if (opts->mem < MIN_MEM)
		return error_set(-EINVAL, "kernel: %zu MiB of memory is too little; give it at least %lu MiB",
				 opts->mem >> 20, MIN_MEM >> 20);
	if (opts->object)
		snprintf(path, sizeof(path), "%s", opts->object);
	else if ((err = os_object_path(path, sizeof(path))))
		return err;

	k = calloc(1, sizeof(*k));
	if (!k)
		return error_set(-ENOMEM, "kernel: out of memory");
	pthread_mutex_init(&k->lock, NULL);
	k->print = opts->print;
	k->print_data = opts->print_data;
	k->fixed_time_ns = opts->fixed_time_ns;
	if (opts->reproducible)
		reproducible_init(k, opts->fixed_time_ns);
	k->block = opts->block;
	k->file_clock = -1;

	err = os_object_load(&k->object, path);
	if (err)
		goto free;
	err = os_arena_create(&k->arena, opts->mem);
	if (err) {
		error_set(err, "kernel: cannot allocate %zu MiB of memory: %s%s", opts->mem >> 20,
			  error_name(err), memory_hint(err));
		goto unload;
	}
	err = opts->lock_in ? opts->lock_in(opts->lock_in_data) : 0;
	if (err) {
		error_set(err, "kernel: not started: lock_in() failed: %s", error_name(err));
		goto destroy_arena;
	}
	k->ops = k->object.entry(&host_ops);
	if (!k->ops || k->ops->version != LKL_ABI_VERSION || k->ops->size < sizeof(*k->ops)) {
		err = error_set(-ENOEXEC, "%s: the kernel object and this library have different versions; build or install both again",
				path);
		goto destroy_arena;
	}
	k->cpu = k->ops->cpu;
	cpu_init(k);
	os_clock_init();
	fault_handler_install();

	err = start_kernel(k, opts->cmdline ? opts->cmdline : "");
	if (err)
		goto forget;
	registry_add(k);
	*kernel = k;
	return 0;

forget:
	thread_forget_all(k);
destroy_arena:
	os_arena_destroy(&k->arena);
unload:
	os_object_unload(&k->object);
free:
	pthread_mutex_destroy(&k->lock);
	free(k);
	return err;
}

/* ---- end ---- */

void host_kernel_destroy(struct anyfs_kernel *k)
{
	if (!k)
		return;
	registry_remove(k);
	if (current == k)
		current = NULL;
	cpu_kill(k, STATE_HALTED, "halted");
	service_stop(k);
	/* The threads that wait in the kernel return; no thread can enter it again. */
	thread_forget_all(k);
	disks_release_all(k);
	os_arena_destroy(&k->arena);
	os_object_unload(&k->object);
	os_file_clock_close(k->file_clock);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

bool host_kernel_is_running(struct anyfs_kernel *k)
{
	return __atomic_load_n(&k->state, __ATOMIC_ACQUIRE) == STATE_RUNNING;
}

bool host_kernel_is_reproducible(struct anyfs_kernel *k)
{
	return k->reproducible;
}

const char *host_kernel_death(struct anyfs_kernel *k)
{
	return host_kernel_is_running(k) ? "" : k->death;
}

const char *host_kernel_release(struct anyfs_kernel *k)
{
	return k->ops->release;
}
