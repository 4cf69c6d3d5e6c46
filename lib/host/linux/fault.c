// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - a bad access inside the kernel ends that instance, not the process
 *
 * Such a fault is synchronous and the kernel holds none of our locks, so its
 * handler may do what a panic does: it never returns to the code at fault but
 * leaves by cpu_stop().  Faults elsewhere go to whoever handled them before.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include "internal.h"

static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
static struct sigaction before[NSIG];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* As if this handler had not been there. */
static void pass_on(int sig, siginfo_t *info, void *context)
{
	struct sigaction *old = &before[sig];

	if (old->sa_flags & SA_SIGINFO) {
		old->sa_sigaction(sig, info, context);
	} else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
		old->sa_handler(sig);
	} else {
		/* Raised again on return, and nobody there to catch it. */
		signal(sig, SIG_DFL);
	}
}

/*
 * Where in the kernel object the fault was, as addr2line counts; 0: elsewhere, or not
 * known.  A call of a function that is not there was a fault of who called.
 */
static size_t fault_place(struct anyfs_kernel *k, const siginfo_t *info, const void *context)
{
#ifdef __x86_64__
	const greg_t *regs = ((const ucontext_t *)context)->uc_mcontext.gregs;
	uintptr_t code = regs[REG_RIP], base = (uintptr_t)k->object.base;

	if (code == (uintptr_t)info->si_addr && code - base >= k->object.size)
		code = *(const uintptr_t *)regs[REG_RSP];
	return code - base < k->object.size ? code - base : 0;
#else
	return 0;
#endif
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct anyfs_kernel *k = thread_in_kernel();
	char text[128];
	sigset_t set;

	/* Sent by a process rather than by an instruction: not our business. */
	if (!k || info->si_code <= 0) {
		pass_on(sig, info, context);
		return;
	}
	snprintf(text, sizeof(text), "%s at address %p, code at 0x%zx", sigdescr_np(sig),
		 info->si_addr, fault_place(k, info, context));
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	cpu_stop(k, LKL_STOP_PANIC, text);
}

/* At every boot: somebody may have put a handler of his own since the last one. */
void fault_handler_install(void)
{
	struct sigaction now, action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	size_t i;

	sigemptyset(&action.sa_mask);
	pthread_mutex_lock(&lock);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaction(signals[i], NULL, &now);
		if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_fault)
			continue;
		before[signals[i]] = now;
		sigaction(signals[i], &action, NULL);
	}
	pthread_mutex_unlock(&lock);
}
