// SPDX-License-Identifier: GPL-2.0
/*
 * terminal.c - read lines from a terminal, with history and completion
 *
 * libedit does the editing.  The Tab key asks the process with the image which words may
 * follow: see complete.c of anyfs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>
#include "escape.h"
#include "shell-protocol.h"
#include "shell.h"
#include "words.h"

#define HISTORY_LINES	1000
#define WORD_MAX_LEN	4096

static struct shell *shell;		/* libedit's callbacks get no data of ours */

static char *make_prompt(EditLine *el)
{
	static char text[512];
	char *name = escape_text(shell->name, false);
	char *directory = escape_text(shell->directory, false);

	snprintf(text, sizeof(text), "%s:%s> ", name ? name : "", directory ? directory : "");
	free(name);
	free(directory);
	return text;
}

/* The completions of a word: their number, and their common prefix. */
struct completions {
	size_t nr;
	char common[WORD_MAX_LEN];
	bool directory;			/* the last completion is a directory */
};

static void add_completion(struct completions *f, const char *text)
{
	size_t same = 0;

	if (!f->nr++) {
		strcpy(f->common, text);
		return;
	}
	while (text[same] && text[same] == f->common[same])
		same++;
	f->common[same] = '\0';
}

static void list_word(struct completions *f, const char *text)
{
	const char *name = strrchr(text, '/');

	/* Show only the last component of a path. */
	while (name && name > text && !name[1]) {
		name = memrchr(text, '/', name - text);
		if (name)
			break;
	}
	printf("%s%s", f->nr ? "  " : "\n", name && name[1] ? name + 1 : text);
	f->nr++;
}

/* Ask for the completions of @c; @list prints them. */
static void request_completions(const struct command *c, struct completions *f, bool list)
{
	char text[WORD_MAX_LEN];

	*f = (struct completions){ 0 };
	if (!client_send(shell, SHELL_COMPLETE, c->words, NULL))
		return;
	while (client_completion(shell, text, sizeof(text), &f->directory)) {
		if (list)
			list_word(f, text);
		else
			add_completion(f, text);
	}
	if (list)
		putchar('\n');
	fflush(stdout);
}

/*
 * Insert @text at the cursor, with a backslash before characters that end or quote a word, and
 * before "!", which at the beginning of a line runs a command of the host.
 */
static void insert(EditLine *el, const char *text)
{
	char *quoted = malloc(2 * strlen(text) + 1), *to = quoted;

	if (!quoted)
		return;
	for (; *text; text++) {
		if (strchr(" \t|<>'\"\\#!", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	el_insertstr(el, quoted);
	free(quoted);
}

static unsigned char complete(EditLine *el, int ch)
{
	const LineInfo *li = el_line(el);
	char *line = strndup(li->buffer, li->cursor - li->buffer);
	unsigned char result = CC_ERROR;
	struct command c;
	struct completions f;
	size_t len;

	/* Nothing from the other process may become part of a command of the host. */
	if (!line || line[strspn(line, WORD_BLANKS)] == '!' || !command_split(line, &c)) {
		free(line);
		return CC_ERROR;
	}
	len = strlen(c.words[c.nr - 1]);
	request_completions(&c, &f, false);
	if (f.nr && strlen(f.common) > len) {
		insert(el, f.common + len);
		result = CC_REFRESH;
	}
	if (f.nr == 1 && !f.directory) {
		el_insertstr(el, " ");
		result = CC_REFRESH;
	} else if (f.nr > 1 && result == CC_ERROR) {
		request_completions(&c, &f, true);
		result = CC_REDISPLAY;
	}
	command_free(&c);
	free(line);
	return result;
}

/* ~/.local/state/anyfs/history, according to the XDG base directory specification; NULL: none. */
static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path;

	if (state && *state == '/') {
		if (asprintf(&path, "%s/anyfs/history", state) < 0)
			return NULL;
	} else if (!home || *home != '/' ||
		   asprintf(&path, "%s/.local/state/anyfs/history", home) < 0) {
		return NULL;
	}
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	return path;
}

static void ignore(int sig)
{
}

/*
 * Read a character for libedit.  SIGINT is blocked except in ppoll(), so that none is lost
 * between the calls; it ends the line with EINTR.
 */
static int read_character(EditLine *el, wchar_t *out)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	mbstate_t state = { 0 };
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		size_t len;
		char byte;

		if (ppoll(&in, 1, NULL, &none) < 0)
			return -1;
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 0;
		len = mbrtowc(out, &byte, 1, &state);
		if (len == (size_t)-1) {
			*out = (unsigned char)byte;
			return 1;
		}
		if (len != (size_t)-2)
			return 1;
	}
}

static void block_interrupt(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/*
 * At the interrupt key a terminal sends SIGINT and only then drops the waiting output, which
 * may be the prompt that answers the signal.  Keep the output, while editing and while a verb
 * runs.
 */
static void keep_output(EditLine *el)
{
	el_set(el, EL_SETTY, "-d", "+noflsh", NULL);
	el_set(el, EL_SETTY, "-x", "+noflsh", NULL);
}

/* Read and run lines.  The interrupt key drops the line. */
static void run_lines(EditLine *el, History *hist)
{
	HistEvent ev;

	while (!shell->ended && !shell->lost) {
		int len;
		const char *line = el_gets(el, &len);
		char *copy;

		if (!line && errno == EINTR) {
			el_reset(el);
			putchar('\n');
			errno = 0;
			continue;
		}
		if (!line || len <= 0)
			break;
		if (line[strspn(line, " \t\n")])
			history(hist, &ev, H_ENTER, line);
		copy = strndup(line, len);
		if (!copy)
			break;
		copy[strcspn(copy, "\n")] = '\0';
		shell->status = run_line(shell, copy);
		free(copy);
	}
}

void terminal_loop(struct shell *sh)
{
	const struct sigaction interrupt = { .sa_handler = ignore };	/* without SA_RESTART */
	char *path = history_path();
	EditLine *el;
	History *hist = history_init();
	HistEvent ev;

	shell = sh;
	setlocale(LC_CTYPE, "");
	sigaction(SIGINT, &interrupt, NULL);
	block_interrupt();
	el = el_init("anyfs", stdin, stdout, stderr);
	if (!el || !hist) {
		shell_error("the terminal cannot be used for editing");
		sh->status = 1;
		free(path);
		return;
	}
	history(hist, &ev, H_SETSIZE, HISTORY_LINES);
	history(hist, &ev, H_SETUNIQUE, 1);
	if (path)
		history(hist, &ev, H_LOAD, path);
	el_set(el, EL_GETCFN, read_character);
	el_set(el, EL_PROMPT, make_prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, hist);
	el_set(el, EL_ADDFN, "anyfs-complete", "complete the word", complete);
	el_set(el, EL_BIND, "^I", "anyfs-complete", NULL);
	el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	keep_output(el);
	run_lines(el, hist);
	if (path)
		history(hist, &ev, H_SAVE, path);
	history_end(hist);
	el_end(el);
	free(path);
}
