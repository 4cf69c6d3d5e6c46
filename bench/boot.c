// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c - CPU time of booting a kernel with 64 MiB, up to the first system call
 *
 * Each boot is in a new process.  Prints the median in nanoseconds.
 */
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

static double one_boot(void)
{
	double cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

	boot(64);
	NEED(lkl_sys_getpid() == 1);
	return now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}

int main(void)
{
	double values[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		int fds[2];
		pid_t child;

		NEED(pipe(fds) == 0);
		child = fork();
		NEED(child >= 0);
		if (child == 0) {
			double cpu = one_boot();

			_exit(write(fds[1], &cpu, sizeof(cpu)) != sizeof(cpu));
		}
		close(fds[1]);
		NEED(read(fds[0], &values[i], sizeof(double)) == sizeof(double));
		close(fds[0]);
		waitpid(child, NULL, 0);
	}
	printf("%.0f\n", median(values, ROUNDS));
	return 0;
}
