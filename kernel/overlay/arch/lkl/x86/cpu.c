// SPDX-License-Identifier: GPL-2.0
/*
 * cpu.c - find the instructions that the processor has and the host's kernel allows
 *
 * The option clearcpuid= of the command line hides features, by the names that they have
 * in /proc/cpuinfo: clearcpuid=aes,avx.  Features that need a hidden one are hidden, too.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cpu_device_id.h>
#include <asm/cpufeature.h>

struct cpuinfo_x86 lkl_x86;

static u32 hidden[NCAPINTS];

static const struct {
	const char *name;
	u16 feature;
} names[] = {
	{ "sse2", X86_FEATURE_XMM2 },
	{ "ssse3", X86_FEATURE_SSSE3 },
	{ "sse4_1", X86_FEATURE_XMM4_1 },
	{ "sse4_2", X86_FEATURE_XMM4_2 },
	{ "pclmulqdq", X86_FEATURE_PCLMULQDQ },
	{ "aes", X86_FEATURE_AES },
	{ "avx", X86_FEATURE_AVX },
	{ "avx2", X86_FEATURE_AVX2 },
	{ "bmi1", X86_FEATURE_BMI1 },
	{ "bmi2", X86_FEATURE_BMI2 },
	{ "sha_ni", X86_FEATURE_SHA_NI },
	{ "vaes", X86_FEATURE_VAES },
	{ "vpclmulqdq", X86_FEATURE_VPCLMULQDQ },
	{ "avx512f", X86_FEATURE_AVX512F },
	{ "avx512bw", X86_FEATURE_AVX512BW },
	{ "avx512vl", X86_FEATURE_AVX512VL },
	{ "avx512dq", X86_FEATURE_AVX512DQ },
};

/* (feature, feature that it needs); ordered so that one pass suffices. */
static const u16 needs[][2] = {
	{ X86_FEATURE_AVX2, X86_FEATURE_AVX },
	{ X86_FEATURE_VAES, X86_FEATURE_AVX },
	{ X86_FEATURE_VPCLMULQDQ, X86_FEATURE_AVX },
	{ X86_FEATURE_AVX512F, X86_FEATURE_AVX2 },
	{ X86_FEATURE_AVX512BW, X86_FEATURE_AVX512F },
	{ X86_FEATURE_AVX512VL, X86_FEATURE_AVX512F },
	{ X86_FEATURE_AVX512DQ, X86_FEATURE_AVX512F },
};

static bool has(unsigned int feature)
{
	return lkl_x86.capability[feature / 32] & BIT(feature % 32);
}

static void drop(unsigned int feature)
{
	lkl_x86.capability[feature / 32] &= ~(u32)BIT(feature % 32);
}

static void cpuid(u32 leaf, u32 regs[4])
{
	asm("cpuid" : "=a"(regs[0]), "=b"(regs[1]), "=c"(regs[2]), "=d"(regs[3])
		    : "a"(leaf), "c"(0));
}

/* Intel SDM and AMD APM, CPUID leaf 1: how EAX encodes family, model and stepping. */
static void set_model(u32 signature, u8 vendor)
{
	u8 family = signature >> 8 & 0xf, model = signature >> 4 & 0xf;

	if (family == 6 || family == 0xf)
		model |= signature >> 12 & 0xf0;
	if (family == 0xf)
		family += signature >> 20 & 0xff;
	lkl_x86.x86 = family;
	lkl_x86.x86_model = model;
	lkl_x86.x86_stepping = signature & 0xf;
	lkl_x86.x86_vendor = vendor;
	lkl_x86.x86_vfm = VFM_MAKE(vendor, family, model);
}

static u8 vendor_of(const u32 regs[4])
{
	if (regs[1] == 0x756e6547)		/* "Genu", ineIntel */
		return X86_VENDOR_INTEL;
	if (regs[1] == 0x68747541)		/* "Auth", enticAMD */
		return X86_VENDOR_AMD;
	return X86_VENDOR_UNKNOWN;
}

static void drop_unusable(void)
{
	if (!cpu_has_xfeatures(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM, NULL))
		drop(X86_FEATURE_AVX);
	if (!cpu_has_xfeatures(XFEATURE_MASK_AVX512, NULL))
		drop(X86_FEATURE_AVX512F);
	for (int i = 0; i < ARRAY_SIZE(needs); i++)
		if (!has(needs[i][1]))
			drop(needs[i][0]);
}

void lkl_x86_identify(void)
{
	u32 first[4], regs[4], high;

	lkl_x86.known = true;
	cpuid(0, first);
	cpuid(1, regs);
	set_model(regs[0], vendor_of(first));
	lkl_x86.capability[X86_FEATURE_XMM2 / 32] = regs[3];
	lkl_x86.capability[X86_FEATURE_AES / 32] = regs[2];
	if (first[0] >= 7) {
		cpuid(7, regs);
		lkl_x86.capability[X86_FEATURE_AVX2 / 32] = regs[1];
		lkl_x86.capability[X86_FEATURE_VAES / 32] = regs[2];
	}
	for (int i = 0; i < NCAPINTS; i++)
		lkl_x86.capability[i] &= ~hidden[i];
	if (has(X86_FEATURE_OSXSAVE))
		asm("xgetbv" : "=a"(lkl_x86.xfeatures), "=d"(high) : "c"(0));
	drop_unusable();
}

/* The interface of arch/x86 for tables of processors. */
const struct x86_cpu_id *x86_match_cpu(const struct x86_cpu_id *match)
{
	const struct cpuinfo_x86 *c = lkl_x86_cpu();

	for (; match->flags & X86_CPU_ID_FLAG_ENTRY_VALID; match++) {
		if ((match->vendor == X86_VENDOR_ANY || match->vendor == c->x86_vendor) &&
		    (match->family == X86_FAMILY_ANY || match->family == c->x86) &&
		    (match->model == X86_MODEL_ANY || match->model == c->x86_model) &&
		    (match->steppings == X86_STEPPING_ANY ||
		     match->steppings & BIT(c->x86_stepping)) &&
		    (match->feature == X86_FEATURE_ANY || boot_cpu_has(match->feature)))
			return match;
	}
	return NULL;
}
EXPORT_SYMBOL(x86_match_cpu);

static int __init hide(char *list)
{
	char *name;

	while ((name = strsep(&list, ","))) {
		int i = 0;

		while (i < ARRAY_SIZE(names) && strcmp(names[i].name, name))
			i++;
		if (i < ARRAY_SIZE(names))
			hidden[names[i].feature / 32] |= BIT(names[i].feature % 32);
		else
			pr_warn("clearcpuid: no feature has the name %s\n", name);
	}
	return 0;
}
early_param("clearcpuid", hide);
