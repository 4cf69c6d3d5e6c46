// SPDX-License-Identifier: GPL-2.0
/*
 * libc.c - functions for which wasi-libc would need an operating system
 */
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

_Thread_local int errno;

/*
 * snprintf() links the functions of stdout, which are never called.  Without these definitions,
 * each would be an import that every host must provide.
 */
int close(int fd)
{
	return -1;
}

off_t __lseek(int fd, off_t offset, int whence)
{
	return -1;
}

ssize_t writev(int fd, const struct iovec *iov, int nr)
{
	return -1;
}

/* The strerror() of wasi-libc expects other numbers. */
char *strerror(int number)
{
	switch (number) {
	case ENOENT:	return "No such file or directory";
	case EIO:	return "Input/output error";
	case ENXIO:	return "No such device or address";
	case ENOMEM:	return "Cannot allocate memory";
	case EBUSY:	return "Device or resource busy";
	case EINVAL:	return "Invalid argument";
	}
	return "the operation failed";
}
