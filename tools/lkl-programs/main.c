// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - cptofs, cpfromfs, fs2tar and lklfuse: LKL's command lines, for scripts
 *
 * Each translates its options and runs the tool of anyfs that does the job: anyfs copy, anyfs
 * tar-out and anyfs-fuse.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lkl-programs.h"

#define EXIT_USAGE	2

static const char *program;

void fail(int status, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(status);
}

void add_arg(struct command *c, const char *arg)
{
	if (c->nr == ARGS_MAX)
		fail(EXIT_USAGE, "too many arguments");
	c->args[c->nr++] = arg;
	c->args[c->nr] = NULL;
}

void add_text(struct command *c, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (rc < 0)
		fail(1, "out of memory");
	add_arg(c, text);
}

void run_command(struct command *c)
{
	char self[PATH_MAX], path[PATH_MAX + 64], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		fail(1, "the path of this program is unknown: is /proc mounted?");
	self[n] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	snprintf(path, sizeof(path), "%s/%s", self, c->args[0]);
	execv(path, (char **)c->args);
	fail(1, "%s: cannot be run: %s", path, strerror(errno));
}

/* ---- cptofs and cpfromfs ---- */

static void print_copy_usage(FILE *out)
{
	fprintf(out, "usage: %s [-p] [-P PART] [-t TYPE] [-o UID] [-g GID] [-s CONTEXT] [-m MB] -i IMAGE PATH... DEST\n",
		program);
}

static void copy_usage(void) __attribute__((noreturn));
static void copy_usage(void)
{
	print_copy_usage(stderr);
	exit(EXIT_USAGE);
}

static void copy_help(void) __attribute__((noreturn));
static void copy_help(void)
{
	print_copy_usage(stdout);
	fputs("Copy files and trees into an image (cptofs) or out of it (cpfromfs).\n\n"
	      "  -i, --filesystem-image IMAGE  the disk image\n"
	      "  -P, --partition PART  number of the partition (0: the whole image)\n"
	      "  -t, --filesystem-type TYPE  type of the file system (default: detect it)\n"
	      "  -o, --owner UID       owner of the copies\n"
	      "  -g, --group GID       group of the copies\n"
	      "  -s, --selinux CONTEXT  SELinux context of the copies\n"
	      "  -m, --memory MB       memory of the kernel\n"
	      "  -p, --enable-printk   show the messages of the kernel\n"
	      "  -h, --help            this text\n", stdout);
	exit(0);
}

struct copy_options {
	const char *image, *part, *uid, *gid;
};

static const struct option copy_long[] = {
	{ "enable-printk", no_argument, NULL, 'p' },
	{ "partition", required_argument, NULL, 'P' },
	{ "filesystem-type", required_argument, NULL, 't' },
	{ "filesystem-image", required_argument, NULL, 'i' },
	{ "owner", required_argument, NULL, 'o' },
	{ "group", required_argument, NULL, 'g' },
	{ "selinux", required_argument, NULL, 's' },
	{ "memory", required_argument, NULL, 'm' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static void take_copy_option(struct command *c, struct copy_options *o, int opt)
{
	switch (opt) {
	case 'p':
		add_arg(c, "-v");
		break;
	case 'P':
		o->part = strcmp(optarg, "0") ? optarg : NULL;
		break;
	case 't':
		add_text(c, "--fstype=%s", optarg);
		break;
	case 'i':
		o->image = optarg;
		break;
	case 'o':
		o->uid = optarg;
		break;
	case 'g':
		o->gid = optarg;
		break;
	case 's':
		add_text(c, "--selinux=%s", optarg);
		break;
	case 'm':
		add_text(c, "--mem=%s", optarg);
		break;
	case 'h':
		copy_help();
	default:
		copy_usage();
	}
}

static void add_image_path(struct command *c, const struct copy_options *o, const char *path)
{
	add_text(c, "%s:%s%s%s%s", o->image, o->part ? "/p" : "", o->part ? o->part : "",
		 *path == '/' ? "" : "/", path);
}

static int copy_main(int argc, char **argv, bool to_image)
{
	static struct command c;
	struct copy_options o = { 0 };
	int opt;

	add_arg(&c, "anyfs");
	add_arg(&c, "copy");
	while ((opt = getopt_long(argc, argv, "hpP:t:i:o:g:s:m:", copy_long, NULL)) != -1)
		take_copy_option(&c, &o, opt);
	if (!o.image || argc - optind < 2)
		copy_usage();
	if (o.uid || o.gid)
		add_text(&c, "--chown=%s:%s", o.uid ? o.uid : "0", o.gid ? o.gid : "0");
	add_arg(&c, "--");
	for (int i = optind; i < argc; i++) {
		if (to_image == (i == argc - 1))
			add_image_path(&c, &o, argv[i]);
		else
			add_arg(&c, argv[i]);
	}
	run_command(&c);
}

/* ---- fs2tar ---- */

static const char tar_usage_line[] = "usage: fs2tar [-p] [-t TYPE] [-s FILE] IMAGE TAR\n";

static void tar_usage(void) __attribute__((noreturn));
static void tar_usage(void)
{
	fputs(tar_usage_line, stderr);
	exit(EXIT_USAGE);
}

static void tar_help(void) __attribute__((noreturn));
static void tar_help(void)
{
	fputs(tar_usage_line, stdout);
	fputs("Write the files of an image to a tar archive.\n\n"
	      "  -t, --filesystem-type TYPE  type of the file system (default: detect it)\n"
	      "  -s, --selinux-contexts FILE  write the SELinux context of each file to FILE\n"
	      "  -p, --enable-printk   show the messages of the kernel\n"
	      "  -h, --help            this text\n", stdout);
	exit(0);
}

/* Run the command with its output in the new file @path, and wait; its exit code. */
static int run_into(struct command *c, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), status;
	pid_t pid;

	if (fd < 0)
		fail(1, "%s: %s", path, strerror(errno));
	pid = fork();
	if (pid < 0)
		fail(1, "fork: %s", strerror(errno));
	if (!pid) {
		dup2(fd, STDOUT_FILENO);
		run_command(c);
	}
	close(fd);
	if (waitpid(pid, &status, 0) < 0)
		fail(1, "wait: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int tar_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "enable-printk", no_argument, NULL, 'p' },
		{ "filesystem-type", required_argument, NULL, 't' },
		{ "selinux-contexts", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	static struct command c, labels;
	const char *contexts = NULL;
	int opt, status;

	add_arg(&c, "anyfs");
	add_arg(&c, "tar-out");
	add_arg(&labels, "anyfs");
	add_arg(&labels, "find");
	while ((opt = getopt_long(argc, argv, "hpt:s:", options, NULL)) != -1) {
		if (opt == 'p') {
			add_arg(&c, "-v");
		} else if (opt == 't') {
			add_text(&c, "--fstype=%s", optarg);
			add_text(&labels, "--fstype=%s", optarg);
		} else if (opt == 's') {
			contexts = optarg;
		} else if (opt == 'h') {
			tar_help();
		} else {
			tar_usage();
		}
	}
	if (argc - optind != 2)
		tar_usage();
	add_arg(&c, argv[optind]);
	add_arg(&c, "/");
	status = run_into(&c, argv[optind + 1]);
	if (!contexts)
		return status;
	add_arg(&labels, argv[optind]);
	add_arg(&labels, "-xattr");
	add_arg(&labels, "security.selinux");
	add_arg(&labels, "-printf");
	add_arg(&labels, "%p %Z\\n");
	opt = run_into(&labels, contexts);
	return status ? status : opt;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	program = slash ? slash + 1 : argv[0];
	if (!strcmp(program, "cpfromfs"))
		return copy_main(argc, argv, false);
	if (!strcmp(program, "fs2tar"))
		return tar_main(argc, argv);
	if (!strcmp(program, "lklfuse"))
		return lklfuse_main(argc, argv);
	return copy_main(argc, argv, true);
}
