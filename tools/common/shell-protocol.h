/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shell-protocol.h - the messages between the two processes of anyfs shell
 *
 * The process with the image is in a sandbox; the other one, anyfs-shell, has the terminal and
 * starts programs.  They are connected by a socket of type SOCK_SEQPACKET.  A request is one
 * message: a letter, and words that each end in a zero byte.  Each request is answered.
 */
#ifndef ANYFS_SHELL_PROTOCOL_H
#define ANYFS_SHELL_PROTOCOL_H

#define SHELL_PROGRAM	"libexec/anyfs/anyfs-shell"	/* relative to the prefix */
#define SHELL_MESSAGE	65536				/* longest message, in bytes */

/*
 * Run a verb: its name and arguments, with the descriptors for standard input and output.  The
 * answer is a struct shell_answer.
 */
#define SHELL_RUN	'r'
/*
 * Complete the last word.  The answers are one message for each completion: SHELL_WORD or
 * SHELL_DIRECTORY and the text; at the end a struct shell_answer.
 */
#define SHELL_COMPLETE	'c'
#define SHELL_WORD	'w'
#define SHELL_DIRECTORY	'd'
/* The shell ends: one word, its exit code.  No answer. */
#define SHELL_EXIT	'x'

#define SHELL_ANSWER	'a'
struct shell_answer {
	char kind;			/* SHELL_ANSWER */
	int status;			/* exit code of the verb */
	char directory[4096];		/* of the image that relative paths begin at; may be cut */
};

#endif /* ANYFS_SHELL_PROTOCOL_H */
