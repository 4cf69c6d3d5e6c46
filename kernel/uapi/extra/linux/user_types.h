/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * user_types.h - types of system calls that the kernel's installed headers
 * leave to the C library, in the kernel's layout
 */
#ifndef _LINUX_USER_TYPES_H
#define _LINUX_USER_TYPES_H

#include <linux/types.h>
#include <linux/sockaddr.h>

typedef __u32 dev_t;
typedef __kernel_ino_t ino_t;
typedef unsigned int mode_t;
typedef unsigned short umode_t;
typedef __u32 nlink_t;
typedef __kernel_off_t off_t;
typedef __kernel_loff_t loff_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_uid32_t uid_t;
typedef __kernel_gid32_t gid_t;
typedef __kernel_uid32_t qid_t;
typedef __kernel_key_t key_t;
typedef __s32 key_serial_t;
typedef __kernel_clockid_t clockid_t;
typedef __kernel_timer_t timer_t;
typedef __kernel_mqd_t mqd_t;
typedef __kernel_fd_set fd_set;
typedef int rwf_t;

struct iovec;

/* getdents64() */
struct linux_dirent64 {
	__u64 d_ino;
	__s64 d_off;
	unsigned short d_reclen;	/* bytes of this entry */
	unsigned char d_type;
	char d_name[];
};

/* name_to_handle_at(), open_by_handle_at() */
struct file_handle {
	__u32 handle_bytes;
	int handle_type;
	unsigned char f_handle[];
};

/* sendmsg(), recvmsg() */
struct user_msghdr {
	void *msg_name;
	int msg_namelen;
	struct iovec *msg_iov;
	__kernel_size_t msg_iovlen;
	void *msg_control;
	__kernel_size_t msg_controllen;
	unsigned int msg_flags;
};

/* sendmmsg(), recvmmsg() */
struct mmsghdr {
	struct user_msghdr msg_hdr;
	unsigned int msg_len;
};

#endif
