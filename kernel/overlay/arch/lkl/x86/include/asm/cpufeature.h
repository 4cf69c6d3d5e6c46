/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpufeature.h - features of the host's processor, for files of arch/x86
 *
 * Read with CPUID on the first use: in a virtual machine each CPUID costs more than a
 * microsecond, and most instances need few features or none.
 */
#ifndef _ASM_LKL_CPUFEATURE_H
#define _ASM_LKL_CPUFEATURE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/cpufeatures.h>

#define X86_VENDOR_INTEL	0
#define X86_VENDOR_AMD		2
#define X86_VENDOR_UNKNOWN	0xff

/* Bits of XCR0: registers that the host's kernel saves. */
#define XFEATURE_MASK_SSE	(1 << 1)
#define XFEATURE_MASK_YMM	(1 << 2)
#define XFEATURE_MASK_AVX512	(7 << 5)

struct cpuinfo_x86 {
	u8 x86;			/* family */
	u8 x86_vendor;
	u8 x86_model;
	u8 x86_stepping;
	u32 x86_vfm;		/* vendor, family and model in one number */
	u32 xfeatures;		/* XCR0 */
	u32 capability[NCAPINTS];
	bool known;
};

extern struct cpuinfo_x86 lkl_x86;
void lkl_x86_identify(void);

static inline const struct cpuinfo_x86 *lkl_x86_cpu(void)
{
	if (unlikely(!lkl_x86.known))
		lkl_x86_identify();
	return &lkl_x86;
}

#define boot_cpu_data	(*lkl_x86_cpu())

static inline bool boot_cpu_has(unsigned int feature)
{
	return lkl_x86_cpu()->capability[feature / 32] >> (feature % 32) & 1;
}

/* True if the host saves all of @mask, bits XFEATURE_MASK_*. */
static inline bool cpu_has_xfeatures(u64 mask, const char **missing)
{
	if (missing)
		*missing = "AVX registers";
	return (lkl_x86_cpu()->xfeatures & mask) == mask;
}

#endif
