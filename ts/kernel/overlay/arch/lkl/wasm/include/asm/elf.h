/* SPDX-License-Identifier: GPL-2.0 */
#include_next <asm/elf.h>

#undef ELF_CLASS
#define ELF_CLASS	ELFCLASS32
