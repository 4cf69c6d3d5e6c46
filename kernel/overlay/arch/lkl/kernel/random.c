// SPDX-License-Identifier: GPL-2.0
/*
 * random.c - the kernel's random numbers, which come from the host
 *
 * Replaces drivers/char/random.c.  The host's generator is seeded and ready before this kernel
 * boots, so there is no entropy to collect, and every number is as good as the host's.  It also
 * lets the host choose the numbers: the kernel makes the same image from the same numbers.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/notifier.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/splice.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/uio.h>
#include <linux/uuid.h>
#include <asm/lkl.h>

/* Bytes that one call of the host fetches; a getrandom(2) costs as much as about this many. */
#define BATCH_SIZE	256u

static u8 batch[BATCH_SIZE];
static unsigned int left;	/* unused bytes, at the end of batch */

/* Numbers that were given out are erased: they may have become keys. */
static void take(void *buf, unsigned int len)
{
	unsigned long flags;
	u8 *from;

	local_irq_save(flags);
	if (left < len) {
		lkl_host->random(lkl_host_arg, batch, sizeof(batch));
		left = sizeof(batch);
	}
	from = batch + sizeof(batch) - left;
	memcpy(buf, from, len);
	memzero_explicit(from, len);
	left -= len;
	local_irq_restore(flags);
}

void get_random_bytes(void *buf, size_t len)
{
	if (len <= sizeof(batch) / 4)
		take(buf, len);
	else
		lkl_host->random(lkl_host_arg, buf, len);
}
EXPORT_SYMBOL(get_random_bytes);

#define DEFINE_GET_RANDOM(type)			\
type get_random_ ##type(void)			\
{						\
	type value;				\
						\
	take(&value, sizeof(value));		\
	return value;				\
}						\
EXPORT_SYMBOL(get_random_ ##type)

DEFINE_GET_RANDOM(u8);
DEFINE_GET_RANDOM(u16);
DEFINE_GET_RANDOM(u32);
DEFINE_GET_RANDOM(u64);

/*
 * The upper half of @ceil * random is below @ceil.  The lowest 2^32 mod @ceil values of the
 * lower half would make some results more frequent than others, so they are drawn again.
 */
u32 __get_random_u32_below(u32 ceil)
{
	u64 product;

	if (!ceil)
		return get_random_u32();
	do
		product = (u64)ceil * get_random_u32();
	while (unlikely((u32)product < ceil && (u32)product < -ceil % ceil));
	return product >> 32;
}
EXPORT_SYMBOL(__get_random_u32_below);

/* ---- the generator is always ready and takes no entropy ---- */

bool rng_is_initialized(void)
{
	return true;
}
EXPORT_SYMBOL(rng_is_initialized);

int wait_for_random_bytes(void)
{
	return 0;
}
EXPORT_SYMBOL(wait_for_random_bytes);

int execute_with_initialized_rng(struct notifier_block *nb)
{
	nb->notifier_call(nb, 0, NULL);
	return 0;
}

void __init random_init_early(const char *command_line)
{
}

void __init random_init(void)
{
}

void add_device_randomness(const void *buf, size_t len)
{
}
EXPORT_SYMBOL(add_device_randomness);

void add_hwgenerator_randomness(const void *buf, size_t len, size_t entropy, bool sleep_after)
{
}
EXPORT_SYMBOL_GPL(add_hwgenerator_randomness);

void __init add_bootloader_randomness(const void *buf, size_t len)
{
}

void add_interrupt_randomness(int irq)
{
}
EXPORT_SYMBOL_GPL(add_interrupt_randomness);

void add_input_randomness(unsigned int type, unsigned int code, unsigned int value)
{
}
EXPORT_SYMBOL_GPL(add_input_randomness);

void add_disk_randomness(struct gendisk *disk)
{
}
EXPORT_SYMBOL_GPL(add_disk_randomness);

void rand_initialize_disk(struct gendisk *disk)
{
}

/* ---- getrandom(), /dev/random and /dev/urandom ---- */

static ssize_t copy_random(struct iov_iter *to)
{
	ssize_t done = 0;
	u8 part[64];

	while (iov_iter_count(to)) {
		size_t len = min(iov_iter_count(to), sizeof(part)), copied;

		get_random_bytes(part, len);
		copied = copy_to_iter(part, len, to);
		done += copied;
		if (copied != len)
			break;
		if (need_resched()) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
	}
	memzero_explicit(part, sizeof(part));
	return done ?: iov_iter_count(to) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(getrandom, char __user *, ubuf, size_t, len, unsigned int, flags)
{
	struct iov_iter to;
	int ret;

	if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) ||
	    (flags & GRND_RANDOM && flags & GRND_INSECURE))
		return -EINVAL;
	ret = import_ubuf(ITER_DEST, ubuf, len, &to);
	return ret ?: copy_random(&to);
}

static ssize_t random_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return copy_random(to);
}

/* Data that programs write as entropy is not used. */
static ssize_t random_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t len = iov_iter_count(from);

	iov_iter_advance(from, len);
	return len;
}

const struct file_operations random_fops = {
	.read_iter = random_read_iter,
	.write_iter = random_write_iter,
	.llseek = noop_llseek,
	.splice_read = copy_splice_read,
	.splice_write = iter_file_splice_write,
};

const struct file_operations urandom_fops = {
	.read_iter = random_read_iter,
	.write_iter = random_write_iter,
	.llseek = noop_llseek,
	.splice_read = copy_splice_read,
	.splice_write = iter_file_splice_write,
};

/* ---- /proc/sys/kernel/random ---- */

static int entropy_bits = 256;
static u8 boot_id[UUID_SIZE];

/* The UUID at table->data, which is made on the first read; without data another one each time. */
static int show_uuid(const struct ctl_table *table, int write, void *buf, size_t *lenp,
		     loff_t *ppos)
{
	u8 fresh[UUID_SIZE], *uuid = table->data ?: fresh;
	char text[UUID_STRING_LEN + 1];
	const struct ctl_table line = { .data = text, .maxlen = UUID_STRING_LEN };

	if (write)
		return -EPERM;
	if (uuid == fresh || !uuid[8])
		generate_random_uuid(uuid);
	snprintf(text, sizeof(text), "%pU", uuid);
	return proc_dostring(&line, 0, buf, lenp, ppos);
}

static struct ctl_table random_table[] = {
	{ .procname = "poolsize", .data = &entropy_bits, .maxlen = sizeof(int), .mode = 0444,
	  .proc_handler = proc_dointvec },
	{ .procname = "entropy_avail", .data = &entropy_bits, .maxlen = sizeof(int), .mode = 0444,
	  .proc_handler = proc_dointvec },
	{ .procname = "boot_id", .data = boot_id, .mode = 0444, .proc_handler = show_uuid },
	{ .procname = "uuid", .mode = 0444, .proc_handler = show_uuid },
};

static int __init random_sysctls_init(void)
{
	register_sysctl_init("kernel/random", random_table);
	return 0;
}
device_initcall(random_sysctls_init);
