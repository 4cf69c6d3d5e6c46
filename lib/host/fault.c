// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - a bad access in kernel code ends the instance, not the process
 *
 * Such a fault is synchronous and kernel code runs with no lock of lib/host held,
 * so the fault handler can act like a kernel panic: it calls cpu_stop() and does
 * not return to the faulting code.
 */
#include <stdio.h>
#include "internal.h"

/*
 * Offset of the faulting code in the kernel object, for addr2line; 0: not in
 * the object, or unknown.  If the PC itself is invalid (bad function pointer), report
 * the return address.
 */
static size_t fault_place(struct anyfs_kernel *k, const struct os_fault *fault)
{
	uintptr_t code = fault->code, base = (uintptr_t)k->object.base;

	if (fault->stack && code == (uintptr_t)fault->address && code - base >= k->object.size)
		code = *fault->stack;
	return code - base < k->object.size ? code - base : 0;
}

static bool is_ours(void)
{
	return thread_in_kernel() != NULL;
}

static void end_instance(const struct os_fault *fault)
{
	struct anyfs_kernel *k = thread_in_kernel();
	char text[128];

	snprintf(text, sizeof(text), "%s at address %p, code at 0x%zx", fault->name,
		 fault->address, fault_place(k, fault));
	cpu_stop(k, LKL_STOP_PANIC, text);
}

void fault_handler_install(void)
{
	static const struct os_fault_handler handler = { .is_ours = is_ours, .end = end_instance };

	os_fault_catch(&handler);
}
