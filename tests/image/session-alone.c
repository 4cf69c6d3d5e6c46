/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session-alone.c - list an image with no other header of the library than anyfs_session.h
 *
 * test-session.sh compiles it as C99 and as C++.
 */
#include <anyfs_session.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	AnyfsPartInfo parts[ANYFS_MAX_DISKS];
	char dir[ANYFS_LKL_PATH_MAX];
	AnyfsSession *session;
	AnyfsPath path;
	size_t got;
	int n;

	if (argc != 3 || anyfs_session_open(argv[1], ANYFS_SESSION_READONLY, &session)) {
		fprintf(stderr, "%s\n", anyfs_get_last_error());
		return 1;
	}
	n = anyfs_session_list(session, -1, parts, ANYFS_MAX_DISKS, &got);
	for (int i = 0; i < n; i++)
		printf("%u %s %s\n", parts[i].index, anyfs_partkind_name(parts[i].kind),
		       parts[i].fstype);
	if (anyfs_path_parse(argv[2], &path) ||
	    anyfs_session_enter_path(session, path.comp, path.n_comp, ANYFS_MOUNT_RDONLY, dir)) {
		fprintf(stderr, "%s\n", anyfs_get_last_error());
		return 1;
	}
	printf("%d\n", dir[0] == '/');
	anyfs_path_free(&path);
	anyfs_session_close(session);
	return 0;
}
