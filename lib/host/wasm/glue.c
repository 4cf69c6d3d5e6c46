// SPDX-License-Identifier: GPL-2.0
/*
 * glue.c - connect the kernel's two tables of functions to a JavaScript host
 *
 * This file is linked into the same module as the kernel.  The kernel calls the host through
 * pointers in struct lkl_host_ops, and a pointer to a JavaScript function cannot be put
 * there, so each entry is a function of this file that calls an import.  The exports do
 * the same for struct lkl_kernel_ops.
 *
 * Numbers that may exceed 32 bits cross as doubles, which are exact up to 2^53: a
 * BigInt costs an allocation each time.
 *
 * ctx_switch, ctx_native and idle suspend the caller (JSPI), so there may be no
 * JavaScript frame between them and the export that runs the task.
 */
#include <stddef.h>
#include <stdint.h>
#include "lkl_abi.h"

#define IMPORT(name)	__attribute__((import_module("host"), import_name(#name)))
#define EXPORT(name)	__attribute__((export_name(#name), used))

IMPORT(print) void js_print(const char *text, size_t len);
IMPORT(stop) _Noreturn void js_stop(uint32_t reason, const char *text);
IMPORT(clock) double js_clock(void);
IMPORT(realtime) double js_realtime(void);
IMPORT(timer) void js_timer(double deadline);
IMPORT(random) void js_random(void *buf, size_t len);
IMPORT(ctxInit) void js_ctx_init(struct lkl_ctx *ctx, void (*fn)(void));
IMPORT(ctxSwitch) void js_ctx_switch(struct lkl_ctx *prev, struct lkl_ctx *next);
IMPORT(ctxNative) void js_ctx_native(struct lkl_ctx *ctx, struct lkl_thread *thread);
IMPORT(threadGone) void js_thread_gone(struct lkl_thread *thread);
IMPORT(idle) void js_idle(struct lkl_ctx *ctx);
IMPORT(submit) int js_submit(uintptr_t disk, struct lkl_block_req *req);
IMPORT(release) void js_release(uintptr_t disk);

static const struct lkl_kernel_ops *kernel;

/* ---- the host's table ---- */

static void print(void *host, const char *text, size_t len)
{
	(void)host;
	js_print(text, len);
}

static void stop(void *host, uint32_t reason, const char *text)
{
	(void)host;
	js_stop(reason, text);
}

static lkl_u64 clock_ns(void *host)
{
	(void)host;
	return (lkl_u64)js_clock();
}

static lkl_u64 realtime_ns(void *host)
{
	(void)host;
	return (lkl_u64)js_realtime();
}

static void timer_set(void *host, lkl_u64 deadline)
{
	(void)host;
	js_timer((double)deadline);
}

static void random_bytes(void *host, void *buf, size_t len)
{
	(void)host;
	js_random(buf, len);
}

/* With bulk memory operations, the compiler turns each of these built-ins into one instruction. */
static void *copy(void *dst, const void *src, size_t len)
{
	return __builtin_memcpy(dst, src, len);
}

static void *move(void *dst, const void *src, size_t len)
{
	return __builtin_memmove(dst, src, len);
}

static void *fill(void *dst, int byte, size_t len)
{
	return __builtin_memset(dst, byte, len);
}

typedef uint64_t __attribute__((aligned(1), may_alias)) word;

static int compare(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a, *y = b;

	for (; len >= sizeof(word) && *(const word *)x == *(const word *)y; len -= sizeof(word)) {
		x += sizeof(word);
		y += sizeof(word);
	}
	for (; len; len--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

/* WebAssembly memory cannot be mapped at a second address; this kernel has no MMU. */
static int map(void *host, lkl_addr va, lkl_addr pa, size_t len)
{
	(void)host; (void)va; (void)pa; (void)len;
	return -38;	/* ENOSYS */
}

static int unmap(void *host, lkl_addr va, size_t len)
{
	return map(host, va, 0, len);
}

static void ctx_init(void *host, struct lkl_ctx *ctx, void (*fn)(void))
{
	(void)host;
	js_ctx_init(ctx, fn);
}

static void ctx_switch(void *host, struct lkl_ctx *prev, struct lkl_ctx *next)
{
	(void)host;
	js_ctx_switch(prev, next);
}

static void ctx_native(void *host, struct lkl_ctx *ctx, struct lkl_thread *thread)
{
	(void)host;
	js_ctx_native(ctx, thread);
}

static void thread_gone(void *host, struct lkl_thread *thread)
{
	(void)host;
	js_thread_gone(thread);
}

static void idle(void *host, struct lkl_ctx *ctx)
{
	(void)host;
	js_idle(ctx);
}

static int blk_submit(void *host, void *disk, struct lkl_block_req *req)
{
	(void)host;
	return js_submit((uintptr_t)disk, req);
}

static void blk_release(void *host, void *disk)
{
	(void)host;
	js_release((uintptr_t)disk);
}

static const struct lkl_host_ops host_ops = {
	.size = sizeof(host_ops),
	.version = LKL_ABI_VERSION,
	.print = print,
	.stop = stop,
	.clock_ns = clock_ns,
	.sched_clock_ns = clock_ns,
	.realtime_ns = realtime_ns,
	.file_time_ns = realtime_ns,
	.timer_set = timer_set,
	.random = random_bytes,
	.memcpy = copy,
	.memmove = move,
	.memset = fill,
	.memcmp = compare,
	.map = map,
	.unmap = unmap,
	.ctx_init = ctx_init,
	.ctx_switch = ctx_switch,
	.ctx_native = ctx_native,
	.thread_gone = thread_gone,
	.idle = idle,
	.blk_submit = blk_submit,
	.blk_release = blk_release,
};

/* ---- the kernel's table ---- */

/*
 * To be called first.  0, -EINVAL if the versions of the two tables differ, or the error of
 * prepare().
 */
EXPORT(prepare)
int prepare(lkl_addr arena, lkl_addr arena_size, const char *command_line,
	    struct lkl_thread *thread)
{
	struct lkl_boot_params params = {
		.size = sizeof(params),
		.arena = arena,
		.arena_size = arena_size,
		.private_size = arena_size,
		.command_line = command_line,
		.thread = thread,
	};

	kernel = lkl_entry(&host_ops);
	if (!kernel || kernel->version != LKL_ABI_VERSION || kernel->size < sizeof(*kernel))
		return -22;	/* EINVAL */
	return kernel->prepare(NULL, &params);
}

EXPORT(cpu)
struct lkl_cpu *cpu(void)
{
	return kernel->cpu;
}

EXPORT(bootContext)
struct lkl_ctx *boot_context(void)
{
	return kernel->boot_ctx;
}

EXPORT(bootFunction)
uintptr_t boot_function(void)
{
	return (uintptr_t)kernel->boot;
}

EXPORT(parkFunction)
uintptr_t park_function(void)
{
	return (uintptr_t)kernel->park;
}

EXPORT(release)
const char *release(void)
{
	return kernel->release;
}

/* Run a context that ctxInit() has prepared with function @fn. */
EXPORT(run)
void run(void (*fn)(void))
{
	fn();
}

EXPORT(syscall)
double call(int nr, const lkl_s64 *args)
{
	return (double)kernel->syscall(NULL, nr, args);
}

EXPORT(diskAdd)
int disk_add(const struct lkl_disk_params *params)
{
	return kernel->disk_add(NULL, params);
}

EXPORT(diskDev)
double disk_dev(int disk, unsigned int partition)
{
	return (double)kernel->disk_dev(NULL, disk, partition);
}

EXPORT(diskRemove)
int disk_remove(int disk)
{
	return kernel->disk_remove(NULL, disk);
}

EXPORT(crash)
void crash(const char *text)
{
	kernel->crash(NULL, text);
}
