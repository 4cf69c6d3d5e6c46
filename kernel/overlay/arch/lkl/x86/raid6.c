// SPDX-License-Identifier: GPL-2.0
/*
 * raid6.c - choose functions for the syndromes of RAID 6 on their first use
 *
 * Until then lib/raid6 has its portable functions (see __arch_um__ in ../Makefile).
 */
#include <linux/init.h>
#include <linux/raid/pq.h>

static struct raid6_calls portable;
static const struct raid6_recov_calls *const recovery[] = {
#ifdef CONFIG_AS_AVX512
	&raid6_recov_avx512,
#endif
	&raid6_recov_avx2,
	&raid6_recov_ssse3,
	&raid6_recov_intx1,
};
static const struct raid6_calls *const syndromes[] = {
#ifdef CONFIG_AS_AVX512
	&raid6_avx512x4,
#endif
	&raid6_avx2x4,
	&raid6_sse2x4,
	&portable,
};

/* The last entry of each array needs no feature. */
static void choose(void)
{
	const struct raid6_recov_calls *const *r = recovery;
	const struct raid6_calls *const *s = syndromes;

	while ((*r)->valid && !(*r)->valid())
		r++;
	while ((*s)->valid && !(*s)->valid())
		s++;
	raid6_2data_recov = (*r)->data2;
	raid6_datap_recov = (*r)->datap;
	raid6_call = **s;
}

static void first_gen(int disks, size_t bytes, void **blocks)
{
	choose();
	raid6_call.gen_syndrome(disks, bytes, blocks);
}

static void first_xor(int disks, int start, int stop, size_t bytes, void **blocks)
{
	choose();
	raid6_call.xor_syndrome(disks, start, stop, bytes, blocks);
}

static void first_2data(int disks, size_t bytes, int a, int b, void **blocks)
{
	choose();
	raid6_2data_recov(disks, bytes, a, b, blocks);
}

static void first_datap(int disks, size_t bytes, int a, void **blocks)
{
	choose();
	raid6_datap_recov(disks, bytes, a, blocks);
}

/* After raid6_select_algo(), which is a subsys_initcall. */
static int __init choose_on_first_use(void)
{
	portable = raid6_call;
	raid6_call.gen_syndrome = first_gen;
	raid6_call.xor_syndrome = first_xor;
	raid6_2data_recov = first_2data;
	raid6_datap_recov = first_datap;
	return 0;
}
subsys_initcall_sync(choose_on_first_use);
