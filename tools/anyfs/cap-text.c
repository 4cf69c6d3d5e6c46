// SPDX-License-Identifier: GPL-2.0
/*
 * cap-text.c - file capabilities: the attribute of the kernel, and the text of getcap(8)
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <lkl/linux/capability.h>
#include "cap-text.h"

/* Capabilities in the order of their numbers, without "cap_". */
static const char *const names[] = {
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid",
	"setuid", "setpcap", "linux_immutable", "net_bind_service", "net_broadcast",
	"net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
	"sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
	"sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write",
	"audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
	"block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
};

#define NR_NAMES	(sizeof(names) / sizeof(names[0]))
#define ALL		((1ull << NR_NAMES) - 1)

bool caps_decode(const void *value, size_t len, struct file_caps *caps)
{
	const unsigned char *p = value;
	uint32_t word[6] = { 0 }, revision;

	if (len > sizeof(word) || len % 4 || len < 12)
		return false;
	for (size_t i = 0; i < len / 4; i++) {
		memcpy(&word[i], p + 4 * i, 4);
		word[i] = le32toh(word[i]);
	}
	revision = word[0] & LKL_VFS_CAP_REVISION_MASK;
	if (!(revision == LKL_VFS_CAP_REVISION_1 && len == 12) &&
	    !(revision == LKL_VFS_CAP_REVISION_2 && len == 20) &&
	    !(revision == LKL_VFS_CAP_REVISION_3 && len == 24))
		return false;
	*caps = (struct file_caps){
		.permitted = word[1] | (uint64_t)word[3] << 32,
		.inheritable = word[2] | (uint64_t)word[4] << 32,
		.effective = word[0] & LKL_VFS_CAP_FLAGS_EFFECTIVE,
		.root = word[5],
	};
	return true;
}

size_t caps_encode(const struct file_caps *caps, unsigned char value[CAP_VALUE_MAX])
{
	const uint32_t word[6] = {
		htole32((caps->root ? LKL_VFS_CAP_REVISION_3 : LKL_VFS_CAP_REVISION_2) |
			(caps->effective ? LKL_VFS_CAP_FLAGS_EFFECTIVE : 0)),
		htole32((uint32_t)caps->permitted), htole32((uint32_t)caps->inheritable),
		htole32(caps->permitted >> 32), htole32(caps->inheritable >> 32),
		htole32(caps->root),
	};

	memcpy(value, word, sizeof(word));
	return caps->root ? 24 : 20;
}

/* Print the capabilities of @set with the letters @flags, if there are any. */
static void print_clause(FILE *out, uint64_t set, const char *flags, bool *first)
{
	const char *comma = "";

	if (!set || !*flags)
		return;
	fputs(*first ? "" : " ", out);
	*first = false;
	for (unsigned int i = 0; set != ALL && i < 64; i++) {
		if (!(set & 1ull << i))
			continue;
		if (i < NR_NAMES)
			fprintf(out, "%scap_%s", comma, names[i]);
		else
			fprintf(out, "%s%u", comma, i);
		comma = ",";
	}
	fprintf(out, "=%s", flags);
}

void caps_print(FILE *out, const struct file_caps *caps)
{
	uint64_t p = caps->permitted, i = caps->inheritable;
	bool first = true;

	print_clause(out, p & i, caps->effective ? "eip" : "ip", &first);
	print_clause(out, p & ~i, caps->effective ? "ep" : "p", &first);
	print_clause(out, i & ~p, caps->effective ? "ei" : "i", &first);
	if (first)
		fputs("=", out);
	if (caps->root)
		fprintf(out, " [rootid=%u]", caps->root);
}

/* The bit of a capability, or all bits for "all"; 0: there is no such name. */
static uint64_t find_cap(const char *name, size_t len)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	if (*name >= '0' && *name <= '9')
		return end == name + len && number < 64 ? 1ull << number : 0;
	if (len == 3 && !strncasecmp(name, "all", 3))
		return ALL;
	if (len < 4 || strncasecmp(name, "cap_", 4))
		return 0;
	for (size_t i = 0; i < NR_NAMES; i++)
		if (strlen(names[i]) == len - 4 && !strncasecmp(names[i], name + 4, len - 4))
			return 1ull << i;
	return 0;
}

/* The three sets while a text is parsed. */
struct sets {
	uint64_t e, i, p;
};

/* Apply the operator and the letters at *@at to the capabilities of @set. */
static const char *apply_operator(const char **at, uint64_t set, struct sets *to)
{
	static const char letters[] = "eip";
	char op = *(*at)++;
	uint64_t *sets[3] = { &to->e, &to->i, &to->p };

	for (int k = 0; op == '=' && k < 3; k++)
		*sets[k] &= ~set;
	for (; **at && !strchr(" \t+-=", **at); (*at)++) {
		const char *letter = strchr(letters, **at);

		if (!letter)
			return "the letters after = + - are e, i and p";
		if (op == '-')
			*sets[letter - letters] &= ~set;
		else
			*sets[letter - letters] |= set;
	}
	return NULL;
}

/* Parse one clause, such as "cap_chown,cap_fowner=ep" or "all+i-p". */
static const char *parse_clause(const char **at, struct sets *to)
{
	const char *p = *at, *why = NULL;
	uint64_t set = 0;

	while (*p && !strchr("+-=", *p)) {
		size_t len = strcspn(p, ",+-= \t");
		uint64_t bit = find_cap(p, len);

		if (!bit)
			return "no capability has this name";
		set |= bit;
		p += len;
		p += *p == ',';
		if (*p && strchr(" \t", *p))
			return "= + or - must follow the names";
	}
	if (!*p)
		return "= + or - must follow the names";
	if (p == *at && *p != '=')
		return "give names of capabilities before + and -";
	if (p == *at)
		set = ALL;
	while (!why && *p && strchr("+-=", *p))
		why = apply_operator(&p, set, to);
	*at = p;
	return why;
}

const char *caps_parse(const char *text, struct file_caps *caps)
{
	struct sets sets = { 0 };

	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		const char *why = parse_clause(&text, &sets);

		if (why)
			return why;
	}
	*caps = (struct file_caps){ .permitted = sets.p, .inheritable = sets.i };
	caps->effective = sets.e;
	if (sets.e && sets.e != (sets.p | sets.i))
		return "a file has one flag e for all its capabilities, or for none";
	return NULL;
}
