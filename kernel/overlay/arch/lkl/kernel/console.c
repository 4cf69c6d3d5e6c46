// SPDX-License-Identifier: GPL-2.0
/*
 * console.c - pass kernel messages and writes to /dev/console to the host
 */
#include <linux/cdev.h>
#include <linux/console.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/major.h>
#include <linux/uaccess.h>
#include <asm/lkl.h>

static void console_print(struct console *con, const char *text, unsigned int len)
{
	lkl_host->print(lkl_host_arg, text, len);
}

static struct console host_console = {
	.name = "host",
	.write = console_print,
	.flags = CON_PRINTBUFFER | CON_ENABLED,
	.index = -1,
};

static int __init register_host_console(void)
{
	register_console(&host_console);
	return 0;
}
console_initcall(register_host_console);

static ssize_t console_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char text[128];
	size_t n = min(len, sizeof(text));

	if (copy_from_user(text, buf, n))
		return -EFAULT;
	lkl_host->print(lkl_host_arg, text, n);
	return n;
}

static ssize_t console_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	return 0;
}

static const struct file_operations console_fops = {
	.read = console_read,
	.write = console_write,
	.llseek = noop_llseek,
};

/* The terminal layer is not built, so its device number for /dev/console is free. */
static struct cdev console_cdev;

static int __init register_console_device(void)
{
	int err = register_chrdev_region(MKDEV(TTYAUX_MAJOR, 1), 1, "console");

	if (err)
		return err;
	cdev_init(&console_cdev, &console_fops);
	return cdev_add(&console_cdev, MKDEV(TTYAUX_MAJOR, 1), 1);
}
device_initcall(register_console_device);
