// SPDX-License-Identifier: GPL-2.0
/*
 * copy_vmap.c - vmap() for a host that cannot map a page at a second address
 *
 * A mapping is a copy of the pages in contiguous memory.  vunmap() writes the copy back
 * to the pages, unless it is read-only.  While both exist they may differ: the kernel has
 * the same problem on machines whose caches are indexed by virtual addresses, and its
 * callers already call flush_kernel_vmap_range() before the pages are read by a device,
 * and invalidate_kernel_vmap_range() after a device has written them.
 */
#include <linux/cacheflush.h>
#include <linux/gfp.h>
#include <linux/hashtable.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

struct copy {
	struct hlist_node node;
	void *addr;
	unsigned int count;
	bool read_only;
	struct page *pages[] __counted_by(count);
};

static DEFINE_HASHTABLE(copies, 8);	/* by addr */
static DEFINE_SPINLOCK(lock);		/* guards copies */

static struct copy *find_copy(const void *addr)
{
	struct copy *found = NULL, *c;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	hash_for_each_possible(copies, c, node, (unsigned long)addr) {
		if (c->addr == addr) {
			found = c;
			break;
		}
	}
	spin_unlock_irqrestore(&lock, flags);
	return found;
}

static void read_pages(struct copy *c, unsigned int count)
{
	for (unsigned int i = 0; i < min(count, c->count); i++)
		memcpy_from_page(c->addr + i * PAGE_SIZE, c->pages[i], 0, PAGE_SIZE);
}

static void write_pages(struct copy *c, unsigned int count)
{
	for (unsigned int i = 0; i < min(count, c->count); i++)
		memcpy_to_page(c->pages[i], 0, c->addr + i * PAGE_SIZE, PAGE_SIZE);
}

static void *map_copy(struct page **pages, unsigned int count, bool read_only)
{
	struct copy *c = kmalloc(struct_size(c, pages, count), GFP_KERNEL | __GFP_NOWARN);
	unsigned long flags;

	if (!c)
		return NULL;
	c->addr = alloc_pages_exact((size_t)count << PAGE_SHIFT, GFP_KERNEL | __GFP_NOWARN);
	if (!c->addr) {
		kfree(c);
		return NULL;
	}
	c->count = count;
	c->read_only = read_only;
	memcpy(c->pages, pages, count * sizeof(*pages));
	read_pages(c, count);
	spin_lock_irqsave(&lock, flags);
	hash_add(copies, &c->node, (unsigned long)c->addr);
	spin_unlock_irqrestore(&lock, flags);
	return c->addr;
}

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	return map_copy(pages, count, pgprot_val(prot) == pgprot_val(PAGE_KERNEL_RO));
}

void vunmap(const void *addr)
{
	struct copy *c = addr ? find_copy(addr) : NULL;
	unsigned long flags;

	if (!c)
		return;
	if (!c->read_only)
		write_pages(c, c->count);
	spin_lock_irqsave(&lock, flags);
	hash_del(&c->node);
	spin_unlock_irqrestore(&lock, flags);
	free_pages_exact(c->addr, (size_t)c->count << PAGE_SHIFT);
	kfree(c);
}

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	return map_copy(pages, count, false);
}

void vm_unmap_ram(const void *mem, unsigned int count)
{
	vunmap(mem);
}

/* @vaddr may also be memory from kmalloc(), which has no copy. */
void flush_kernel_vmap_range(void *vaddr, int size)
{
	struct copy *c = find_copy(vaddr);

	if (c)
		write_pages(c, DIV_ROUND_UP(size, PAGE_SIZE));
}

void invalidate_kernel_vmap_range(void *vaddr, int size)
{
	struct copy *c = find_copy(vaddr);

	if (c)
		read_pages(c, DIV_ROUND_UP(size, PAGE_SIZE));
}
