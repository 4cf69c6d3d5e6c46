// SPDX-License-Identifier: GPL-2.0
/*
 * read-only.c - show that an image cannot be changed
 *
 * The host's kernel is the witness: no write() passes a descriptor that is open for reading
 * only.  The sandbox of verbs without files of the host allows to open none afterwards.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "messages.h"
#include "read-only.h"

/* Count the descriptors of the file @image in @nr, and those that can write in @nr_writable. */
static void count_descriptors(DIR *fds, const struct stat *image, size_t *nr, size_t *nr_writable)
{
	struct dirent *entry;
	struct stat st;

	*nr = *nr_writable = 0;
	rewinddir(fds);
	while ((entry = readdir(fds))) {
		int fd = atoi(entry->d_name);

		if (*entry->d_name == '.' || fstat(fd, &st) || st.st_dev != image->st_dev ||
		    st.st_ino != image->st_ino)
			continue;
		++*nr;
		*nr_writable += (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	}
}

static void note_image(struct tool *t, DIR *fds, const char *path)
{
	struct stat st;
	size_t nr, nr_writable;

	if (stat(path, &st) || (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)))
		return;
	count_descriptors(fds, &st, &nr, &nr_writable);
	if (nr && !nr_writable)
		tool_note(t, "%s: read-only: it is open for reading only (O_RDONLY)%s", path,
			  t->no_sandbox || t->nr_host || t->session ? "" :
			  ", and the sandbox forbids to open it again");
}

void tool_note_read_only(struct tool *t)
{
	DIR *fds = opendir("/proc/self/fd");

	if (!fds) {
		tool_note(t, "/proc is not mounted: cannot show how the image is open");
		return;
	}
	note_image(t, fds, t->image_path);
	for (size_t i = 0; i < t->nr_members; i++)
		note_image(t, fds, t->members[i].path);
	closedir(fds);
}
