// SPDX-License-Identifier: GPL-2.0
/*
 * load.c - load the kernel object
 *
 * The object is a position-independent ELF file without imports; it has only
 * relative relocations, and its entry point is in the ELF header.  Each instance
 * needs its own copy of the kernel's global variables.  dlopen() returns the same
 * copy to all callers, and dlmopen() allows only about a dozen copies.  References:
 * ELF, the psABIs of x86-64 and i386, and for RELR the generic ABI proposal that
 * glibc 2.36 implements.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "error.h"
#include "os.h"

#if defined(__x86_64__)
#define MACHINE		EM_X86_64
#define CLASS		ELFCLASS64
#define DT_TABLE	DT_RELA
#define DT_TABLE_SIZE	DT_RELASZ
#define R_TYPE		ELF64_R_TYPE
#define R_RELATIVE	R_X86_64_RELATIVE
typedef Elf64_Rela relocation;
#elif defined(__i386__)
#define MACHINE		EM_386
#define CLASS		ELFCLASS32
#define DT_TABLE	DT_REL
#define DT_TABLE_SIZE	DT_RELSZ
#define R_TYPE		ELF32_R_TYPE
#define R_RELATIVE	R_386_RELATIVE
typedef Elf32_Rel relocation;	/* the addend is at the place itself */
#else
#error "lib/host/linux/load.c: add this machine's relative relocation"
#endif

#define PAGE		4096UL
#define MAX_PHDRS	16

#ifndef DT_RELR
#define DT_RELRSZ	35
#define DT_RELR		36
#endif

struct file {
	int fd;
	const char *path;
	ElfW(Ehdr) ehdr;
	ElfW(Phdr) phdr[MAX_PHDRS];
};

static int not_an_object(const struct file *f, const char *what)
{
	return error_set(-ENOEXEC, "%s: not a kernel object of this anyfs version: %s; build or install it again",
			 f->path, what);
}

/* Segments must lie inside the file: an access beyond its end would raise SIGBUS. */
static int check_segments(const struct file *f)
{
	const ElfW(Phdr) *p;
	struct stat st;

	if (fstat(f->fd, &st) < 0)
		return error_set(-errno, "%s: %s", f->path, error_name(errno));
	for (p = f->phdr; p < f->phdr + f->ehdr.e_phnum; p++) {
		uint64_t end = (uint64_t)p->p_offset + p->p_filesz;

		if (p->p_type == PT_LOAD &&
		    (p->p_filesz > p->p_memsz || end > (uint64_t)st.st_size))
			return not_an_object(f, "truncated");
	}
	return 0;
}

static int read_headers(struct file *f)
{
	ElfW(Ehdr) *e = &f->ehdr;
	size_t size;

	if (pread(f->fd, e, sizeof(*e), 0) != sizeof(*e) ||
	    memcmp(e->e_ident, ELFMAG, SELFMAG) || e->e_ident[EI_CLASS] != CLASS)
		return not_an_object(f, "no ELF header");
	if (e->e_type != ET_DYN || e->e_machine != MACHINE || !e->e_entry)
		return not_an_object(f, "wrong ELF type or machine");
	if (!e->e_phnum || e->e_phnum > MAX_PHDRS || e->e_phentsize != sizeof(ElfW(Phdr)))
		return not_an_object(f, "bad program headers");
	size = e->e_phnum * sizeof(ElfW(Phdr));
	if (pread(f->fd, f->phdr, size, e->e_phoff) != (ssize_t)size)
		return not_an_object(f, "truncated");
	return check_segments(f);
}

static int map_segment(const struct file *f, char *base, const ElfW(Phdr) *p)
{
	int prot = (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
		   (p->p_flags & PF_X ? PROT_EXEC : 0);
	size_t skip = p->p_vaddr & (PAGE - 1);
	char *start = base + p->p_vaddr - skip;
	char *file_end = base + p->p_vaddr + p->p_filesz;
	char *page_end = (char *)(((uintptr_t)file_end + PAGE - 1) & ~(PAGE - 1));
	char *mem_end = base + p->p_vaddr + p->p_memsz;

	if (p->p_filesz && mmap(start, skip + p->p_filesz, prot, MAP_PRIVATE | MAP_FIXED,
				f->fd, p->p_offset - skip) == MAP_FAILED)
		return -errno;
	if (p->p_memsz == p->p_filesz)
		return 0;
	memset(file_end, 0, (page_end < mem_end ? page_end : mem_end) - file_end);
	if (mem_end > page_end &&
	    mmap(page_end, mem_end - page_end, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

static int map_segments(const struct file *f, struct os_object *obj)
{
	const ElfW(Phdr) *p, *end = f->phdr + f->ehdr.e_phnum;
	int err;

	obj->size = 0;
	for (p = f->phdr; p < end; p++) {
		if (p->p_type == PT_LOAD && p->p_vaddr + p->p_memsz > obj->size)
			obj->size = p->p_vaddr + p->p_memsz;
	}
	obj->size = (obj->size + PAGE - 1) & ~(PAGE - 1);
	obj->base = mmap(NULL, obj->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			 -1, 0);
	if (obj->base == MAP_FAILED)
		return error_set(-errno, "%s: cannot reserve memory: %s", f->path, error_name(errno));

	for (p = f->phdr; p < end; p++) {
		if (p->p_type != PT_LOAD)
			continue;
		err = map_segment(f, obj->base, p);
		if (err) {
			os_object_unload(obj);
			return error_set(err, "%s: cannot map: %s", f->path, error_name(err));
		}
	}
	return 0;
}

static bool relocate_table(char *base, const relocation *r, size_t bytes)
{
	const relocation *end = r + bytes / sizeof(*r);

	for (; r < end; r++) {
		uintptr_t *where = (uintptr_t *)(base + r->r_offset);

		if (R_TYPE(r->r_info) != R_RELATIVE)
			return false;
#if DT_TABLE == DT_RELA
		*where = r->r_addend;
#endif
		*where += (uintptr_t)base;
	}
	return true;
}

/* An even entry is an address; an odd entry is a bitmap of the 63 or 31 words that follow. */
static void relocate_relr(char *base, const uintptr_t *relr, size_t bytes)
{
	const uintptr_t *end = relr + bytes / sizeof(*relr);
	uintptr_t *where = NULL;

	for (; relr < end; relr++) {
		uintptr_t bits = *relr;
		int i;

		if (!(bits & 1)) {
			where = (uintptr_t *)(base + bits);
			*where++ += (uintptr_t)base;
			continue;
		}
		for (i = 0; (bits >>= 1); i++) {
			if (bits & 1)
				where[i] += (uintptr_t)base;
		}
		where += 8 * sizeof(*where) - 1;
	}
}

static int relocate(const struct file *f, struct os_object *obj)
{
	const ElfW(Phdr) *p, *end = f->phdr + f->ehdr.e_phnum;
	size_t table = 0, table_size = 0, relr = 0, relr_size = 0;
	const ElfW(Dyn) *d;

	for (p = f->phdr; p < end && p->p_type != PT_DYNAMIC; p++)
		;
	if (p == end)
		return not_an_object(f, "no dynamic section");
	for (d = (const ElfW(Dyn) *)(obj->base + p->p_vaddr); d->d_tag != DT_NULL; d++) {
		switch (d->d_tag) {
		case DT_NEEDED:
			return not_an_object(f, "needs other libraries");
		case DT_TABLE:
			table = d->d_un.d_ptr;
			break;
		case DT_TABLE_SIZE:
			table_size = d->d_un.d_val;
			break;
		case DT_RELR:
			relr = d->d_un.d_ptr;
			break;
		case DT_RELRSZ:
			relr_size = d->d_un.d_val;
			break;
		}
	}
	if (!relocate_table(obj->base, (const relocation *)(obj->base + table), table_size))
		return not_an_object(f, "imports symbols");
	relocate_relr(obj->base, (const uintptr_t *)(obj->base + relr), relr_size);
	return 0;
}

int os_object_load(struct os_object *obj, const char *path)
{
	struct file f = { .path = path };
	int err;

	f.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f.fd < 0)
		return error_set(-errno, "%s: cannot open the kernel object: %s; run `make kernel`, or set ANYFS_KERNEL",
				 path, error_name(errno));
	err = read_headers(&f);
	if (!err)
		err = map_segments(&f, obj);
	if (!err) {
		err = relocate(&f, obj);
		if (err)
			os_object_unload(obj);
	}
	close(f.fd);
	if (!err)
		obj->entry = (void *)(obj->base + f.ehdr.e_entry);
	return err;
}

void os_object_unload(struct os_object *obj)
{
	munmap(obj->base, obj->size);
	obj->base = NULL;
}
