/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One shared object: headers and relocations, text, then all data.  Constants are
 * writable, too: they have pointers, which are relocated when the object is loaded.
 */
#include <asm/late_fs.h>
#include <asm/thread_info.h>
#include <asm/page.h>
#include <asm/cache.h>
#include <asm-generic/vmlinux.lds.h>

/* A question mark matches the slash, which would begin a comment here. */
#define LATE_FS(dir, name)			\
	__late_##dir = .;			\
	KEEP(*fs?dir?*.o(.initcall6.init))	\
	KEEP(*fs?dir?*.o(.initcall7.init))

ENTRY(lkl_entry)
jiffies = jiffies_64;

PHDRS
{
	headers PT_LOAD FILEHDR PHDRS FLAGS(4);
	text PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
	dynamic PT_DYNAMIC FLAGS(6);
	note PT_NOTE FLAGS(6);
}

SECTIONS
{
	. = SIZEOF_HEADERS;
	.gnu.hash : { *(.gnu.hash) } :headers
	.dynsym : { *(.dynsym) } :headers
	.dynstr : { *(.dynstr) } :headers
	.gnu.version : { *(.gnu.version) } :headers
	.gnu.version_d : { *(.gnu.version_d) } :headers
	.gnu.version_r : { *(.gnu.version_r) } :headers
	.rela.dyn : { *(.rela.*) } :headers
	.relr.dyn : { *(.relr.dyn) } :headers

	. = ALIGN(PAGE_SIZE);
	_text = .;
	_stext = .;
	.text : {
		TEXT_TEXT
		SCHED_TEXT
		LOCK_TEXT
		KPROBES_TEXT
		IRQENTRY_TEXT
		SOFTIRQENTRY_TEXT
		*(.fixup)
		_sinittext = .;
		INIT_TEXT
		_einittext = .;
		EXIT_TEXT
	} :text
	_etext = .;

	. = ALIGN(PAGE_SIZE);
	.dynamic : { *(.dynamic) } :data :dynamic
	.got : { *(.got) *(.got.plt) *(.igot.plt) } :data
	_sdata = .;
	RO_DATA(PAGE_SIZE)
	EXCEPTION_TABLE(16)
	__init_begin = .;
	.init.late : {
		LKL_LATE_FS(LATE_FS)
		__late_iomap = .;
		KEEP(*fs?iomap?buffered-io.o(.initcall5.init))
		__late_sysfs = .;
		KEEP(*kernel?params.o(.initcall7.init))
		__late_end = .;
#ifdef CONFIG_LKL_LATE_CRYPTO
		__late_crypto = .;
		/* lib/crc-t10dif.c and lib/libcrc32c.c ask for these at boot. */
		KEEP(EXCLUDE_FILE(*crypto?crc32c_generic.o *crypto?crct10dif_generic.o)
			*crypto?*.o(.initcall4.init))
		KEEP(*x86?crypto?*.o(.initcall6.init))
		KEEP(*x86?crypto?*.o(.initcall7.init))
		__late_crypto_end = .;
#endif
#ifdef CONFIG_NET
		__late_net = .;
		LKL_LATE_NET_LEVEL(0)
		LKL_LATE_NET_LEVEL(1)
		LKL_LATE_NET_LEVEL(2)
		LKL_LATE_NET_LEVEL(3)
		LKL_LATE_NET_LEVEL(4)
		LKL_LATE_NET_LEVEL(5)
		LKL_LATE_NET_LEVEL(6)
		LKL_LATE_NET_LEVEL(7)
		__late_net_end = .;
#endif
	}
	/*
	 * slab_sysfs_init(): making the files below /sys/kernel/slab would take a fifth of
	 * the boot.  The allocator works without them, as it does in early boot.
	 */
	/DISCARD/ : { *mm?slub.o(.initcall7.init) }
	INIT_DATA_SECTION(16)
	.exit.data : { EXIT_DATA }
	PERCPU_SECTION(L1_CACHE_BYTES)
	__init_end = .;
	RW_DATA(L1_CACHE_BYTES, PAGE_SIZE, THREAD_SIZE)
	.data.rel : { *(.data.rel .data.rel.*) } :data
	_edata = .;
	BSS_SECTION(0, PAGE_SIZE, 0)
	_end = .;

	DWARF_DEBUG
	ELF_DETAILS
	DISCARDS
}
