// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - human-readable modes, sizes and times
 */
#include <stdlib.h>
#include <time.h>
#include "output.h"

void format_mode(unsigned int mode, char out[11])
{
	static const char rwx[] = "rwxrwxrwx";
	static const char types[] = "?pc?d?b?-?l?s???";

	out[0] = types[mode >> 12 & 15];
	for (int i = 0; i < 9; i++)
		out[i + 1] = mode & (0400 >> i) ? rwx[i] : '-';
	if (mode & LKL_S_ISUID)
		out[3] = mode & 0100 ? 's' : 'S';
	if (mode & LKL_S_ISGID)
		out[6] = mode & 0010 ? 's' : 'S';
	if (mode & LKL_S_ISVTX)
		out[9] = mode & 0001 ? 't' : 'T';
	out[10] = '\0';
}

const char *format_type(unsigned int mode)
{
	switch (mode & LKL_S_IFMT) {
	case LKL_S_IFREG:
		return "file";
	case LKL_S_IFDIR:
		return "directory";
	case LKL_S_IFLNK:
		return "symlink";
	case LKL_S_IFBLK:
		return "block";
	case LKL_S_IFCHR:
		return "char";
	case LKL_S_IFIFO:
		return "fifo";
	case LKL_S_IFSOCK:
		return "socket";
	default:
		return "unknown";
	}
}

void format_size(uint64_t size, char *out, size_t len)
{
	static const char units[] = "KMGTPE";
	double value = size;
	int unit = -1;

	if (size < 1024) {
		snprintf(out, len, "%u", (unsigned int)size);
		return;
	}
	while (value >= 1023.95 || unit < 0) {
		value /= 1024;
		unit++;
	}
	snprintf(out, len, "%.*f%c", value < 9.95 ? 1 : 0, value, units[unit]);
}

void format_time(const struct lkl_statx_timestamp *ts, bool full, char *out, size_t len)
{
	time_t seconds = ts->tv_sec;
	char date[64], zone[16];
	struct tm tm;

	if (!localtime_r(&seconds, &tm)) {
		snprintf(out, len, "@%lld", (long long)ts->tv_sec);
		return;
	}
	if (!full) {
		strftime(out, len, "%Y-%m-%d %H:%M", &tm);
		return;
	}
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(out, len, "%s.%09u %s", date, ts->tv_nsec, zone);
}

void format_utc(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
}
