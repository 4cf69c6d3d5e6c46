// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-scan.c - anyfs scan: run a verb on many images
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "messages.h"
#include "options.h"
#include "own-program.h"
#include "parse.h"
#include "run.h"
#include "scan.h"
#include "verbs.h"
#include "words.h"

#define DEFAULT_SECONDS	600
#define SHARDS_MAX	1000000

/*
 * The variables in which schedulers store the number of a task.  @first: variable of the smallest
 * number, or NULL for 0; @count: variable of the number of tasks, or NULL.
 */
static const struct { const char *index, *first, *count; } schedulers[] = {
	{ "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT" },
	{ "JOB_COMPLETION_INDEX", NULL, NULL },
	{ "AWS_BATCH_JOB_ARRAY_INDEX", NULL, "AWS_BATCH_JOB_ARRAY_SIZE" },
};

static unsigned int env_value(struct scan *s, const char *name, unsigned int otherwise)
{
	const char *text = name ? getenv(name) : NULL;

	return text ? tool_number(s->t, name, text, 0, SHARDS_MAX) : otherwise;
}

/* "auto" or "auto/N": the number of this task of Slurm, Kubernetes or AWS Batch. */
static void take_scheduler(struct scan *s, const char *text)
{
	size_t i = 0, nr = sizeof(schedulers) / sizeof(schedulers[0]);

	while (i < nr && !getenv(schedulers[i].index))
		i++;
	if (i == nr)
		tool_usage(s->t, "--shard %s: no scheduler has set SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX",
			   text);
	s->shards = text[4] ? tool_number(s->t, "--shard auto/N", text + 5, 1, SHARDS_MAX) :
		    env_value(s, schedulers[i].count, 0);
	if (!s->shards)
		tool_usage(s->t, "--shard auto: the scheduler has not set the number of tasks; give auto/N");
	s->shard = env_value(s, schedulers[i].index, 0) - env_value(s, schedulers[i].first, 0) + 1;
	if (s->shard < 1 || s->shard > s->shards)
		tool_usage(s->t, "--shard %s: %s is not one of %u tasks", text, schedulers[i].index,
			   s->shards);
}

static void take_shard(struct scan *s, const char *text)
{
	char *end;

	if (!strcmp(text, "auto") || !strncmp(text, "auto/", 5)) {
		take_scheduler(s, text);
		return;
	}
	s->shard = strtoul(text, &end, 10);
	s->shards = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
	if (*end || *text < '1' || *text > '9' || s->shard > s->shards || s->shards > SHARDS_MAX)
		tool_usage(s->t, "--shard %s: give I/N with I from 1 to N, or auto", text);
}

static void take_command(struct scan *s, const char *text)
{
	const struct verb *verb;

	s->command = words_split(text, &s->nr_words);
	if (!s->command)
		tool_usage(s->t, "--do %s: a quote is not closed", text);
	verb = s->nr_words ? find_verb(s->command[0]) : NULL;
	if (!verb)
		tool_usage(s->t, "--do %s: does not begin with a verb", text);
	if (verb->no_image)
		tool_usage(s->t, "--do %s: %s has no image", text, verb->name);
}

enum { OPT_LIST = OPT_VERB, OPT_SHARD, OPT_JOBS, OPT_DO, OPT_OUT, OPT_TIME, OPT_MEMORY, OPT_LINES };

static const char *parse_options(struct scan *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "list", required_argument, NULL, OPT_LIST },
		{ "files-from", required_argument, NULL, OPT_LIST },
		{ "shard", required_argument, NULL, OPT_SHARD },
		{ "jobs", required_argument, NULL, OPT_JOBS },
		{ "do", required_argument, NULL, OPT_DO },
		{ "out", required_argument, NULL, OPT_OUT },
		{ "time-limit", required_argument, NULL, OPT_TIME },
		{ "memory-limit", required_argument, NULL, OPT_MEMORY },
		{ "json-lines", no_argument, NULL, OPT_LINES },
		TOOL_LONG_OPTIONS
	};
	const char *list = NULL;
	int c;

	while ((c = tool_getopt(s->t, argc, argv, "", options)) != -1) {
		if (c == OPT_LIST)
			list = optarg;
		else if (c == OPT_SHARD)
			take_shard(s, optarg);
		else if (c == OPT_JOBS)
			s->nr_jobs = tool_number(s->t, "--jobs", optarg, 1, 10000);
		else if (c == OPT_DO)
			take_command(s, optarg);
		else if (c == OPT_OUT)
			s->out = optarg;
		else if (c == OPT_TIME)
			s->seconds = tool_number(s->t, "--time-limit", optarg, 1, INT_MAX);
		else if (c == OPT_LINES)
			s->print_lines = true;
		else if (!parse_size(optarg, &s->memory) || !s->memory)
			tool_usage(s->t, "--memory-limit %s: give a size such as 2G", optarg);
	}
	if (!list || !s->command || !s->out)
		tool_usage(s->t, "give --list, --do and --out");
	tool_need_args(s->t, argc + 1, 0, 1);
	return list;
}

static int run(struct tool *t, int argc, char **argv)
{
	struct scan s = {
		.t = t, .shard = 1, .shards = 1, .seconds = DEFAULT_SECONDS,
		.nr_jobs = sysconf(_SC_NPROCESSORS_ONLN),
	};
	const char *list = parse_options(&s, argc, argv);

	s.program = own_program(t, "bin/anyfs");
	scan_read_list(&s, list);
	scan_open_results(&s);
	s.jobs = calloc(s.nr_jobs, sizeof(*s.jobs));
	if (!s.jobs)
		tool_no_memory(t);
	scan_run(&s);
	if (!s.print_lines)
		printf("%zu images, %zu of them in earlier runs, %zu failed\n", s.done + s.skipped,
		       s.skipped, s.failed);
	if (s.failed && !t->status)
		t->status = EXIT_FAILED;
	return 0;
}

const struct verb verb_scan = {
	.name = "scan",
	.args = "--list FILE --do 'VERB [OPTIONS] [PATH]...' --out DIRECTORY",
	.summary = "run a verb on many images",
	.help = "Runs the verb in one process for each image of the list.  DIRECTORY gets a file with the\n"
		"output of each process, and results-I-of-N.jsonl with one line for each image.  The\n"
		"name of the image replaces {} in COMMAND, or follows the verb.  The same command\n"
		"resumes a run that was interrupted.\n\n"
		"  --list FILE, --files-from FILE  names of images, one per line; - is standard input\n"
		"  --do COMMAND      the verb, its options and paths\n"
		"  --out DIRECTORY   where results are written\n"
		"  --jobs N          number of processes at a time (default: number of processors)\n"
		"  --shard I/N       only part I of N of the list; auto[/N] takes I from Slurm,\n"
		"                    Kubernetes or AWS Batch\n"
		"  --time-limit SECONDS  end a process after this time (600)\n"
		"  --memory-limit SIZE   limit of the address space of a process\n"
		"  --json-lines      print the line of each image when it is done, not counts at the end\n\n"
		"Example: anyfs scan --list images --do hash --out results\n\n",
	.no_image = true,
	.no_shell = true,
	.run = run,
};
