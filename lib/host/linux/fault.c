// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - catch faulting instructions with signal handlers
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include "os.h"

static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
static struct sigaction old_actions[NSIG];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct os_fault_handler *handler;

static const char *signal_name(int sig)
{
#ifdef __GLIBC__
	return sigdescr_np(sig);
#else
	return strsignal(sig);
#endif
}

/* Call the handler that was installed before ours. */
static void pass_on(int sig, siginfo_t *info, void *context)
{
	struct sigaction *old = &old_actions[sig];

	if (old->sa_flags & SA_SIGINFO) {
		old->sa_sigaction(sig, info, context);
	} else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
		old->sa_handler(sig);
	} else {
		/* On return the instruction faults again and the default action follows. */
		signal(sig, SIG_DFL);
	}
}

static void fill_place(struct os_fault *fault, const void *context)
{
#ifdef __x86_64__
	const greg_t *regs = ((const ucontext_t *)context)->uc_mcontext.gregs;

	fault->code = regs[REG_RIP];
	fault->stack = (const uintptr_t *)regs[REG_RSP];
#elif defined(__i386__)
	const greg_t *regs = ((const ucontext_t *)context)->uc_mcontext.gregs;

	fault->code = regs[REG_EIP];
	fault->stack = (const uintptr_t *)regs[REG_ESP];
#endif
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct os_fault fault = { .name = signal_name(sig), .address = info->si_addr };
	sigset_t set;

	/* si_code <= 0: the signal was sent by a process, not raised by an instruction. */
	if (info->si_code <= 0 || !handler->is_ours()) {
		pass_on(sig, info, context);
		return;
	}
	fill_place(&fault, context);
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	handler->end(&fault);
}

void os_fault_catch(const struct os_fault_handler *ours)
{
	struct sigaction now, action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	size_t i;

	sigemptyset(&action.sa_mask);
	pthread_mutex_lock(&lock);
	handler = ours;
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaction(signals[i], NULL, &now);
		if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_fault)
			continue;
		old_actions[signals[i]] = now;
		sigaction(signals[i], &action, NULL);
	}
	pthread_mutex_unlock(&lock);
}
