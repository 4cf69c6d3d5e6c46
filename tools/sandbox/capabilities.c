// SPDX-License-Identifier: GPL-2.0
/*
 * capabilities.c - drop the capabilities of root
 *
 * When root copies files, the capabilities needed for owners, modes, devices and attributes
 * stay.  The copy then runs in a chroot, because Landlock does not cover the calls that
 * change a file's attributes by its name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sandbox.h"

#define BIT(cap)	(1ull << (cap))

static const uint64_t kept_capabilities[SANDBOX_NR_PROFILES] = {
	[SANDBOX_GET_AS_ROOT] = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) |
		BIT(CAP_FSETID) | BIT(CAP_MKNOD) | BIT(CAP_SETFCAP) |
		BIT(CAP_SYS_ADMIN),	/* attributes trusted.* and security.* */
	[SANDBOX_PUT] = BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_SYS_ADMIN),
};

static struct __user_cap_header_struct capability_header(void)
{
	return (struct __user_cap_header_struct){ .version = _LINUX_CAPABILITY_VERSION_3 };
}

static int read_permitted(uint64_t *permitted)
{
	struct __user_cap_header_struct h = capability_header();
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &h, d))
		return -errno;
	*permitted = d[0].permitted | (uint64_t)d[1].permitted << 32;
	return 0;
}

bool capabilities_have(unsigned int cap)
{
	uint64_t permitted;

	return !read_permitted(&permitted) && (permitted & BIT(cap));
}

int capabilities_drop(enum sandbox_profile profile, struct sandbox_state *state)
{
	struct __user_cap_header_struct h = capability_header();
	struct __user_cap_data_struct d[2] = { 0 };
	uint64_t permitted, keep;
	int rc = read_permitted(&permitted);

	if (rc || !permitted)
		return rc;
	keep = permitted & kept_capabilities[profile];
	/*
	 * The bounding and ambient sets matter only for execve(), which the seccomp filter
	 * does not allow.
	 */
	d[0].permitted = d[0].effective = (uint32_t)keep;
	d[1].permitted = d[1].effective = keep >> 32;
	if (syscall(SYS_capset, &h, d))
		return -errno;
	state->root = true;
	return 0;
}
