// SPDX-License-Identifier: GPL-2.0
/*
 * late_crypto.c - register ciphers and hashes when the first one is needed
 *
 * Registering all of them would slow every boot, and most instances use none but
 * crc32c, which is registered at boot.  The crypto API calls a chain of notifiers for each
 * request for an algorithm that is not registered.
 */
#include <linux/completion.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include "../../../crypto/internal.h"

extern initcall_entry_t __late_crypto[], __late_crypto_end[];

static DEFINE_MUTEX(lock);	/* held while the initcalls run; guards done */
static bool done;
static struct task_struct *runner;	/* the task in run_all() */

/* The initcalls lie in memory that is kept: see free_initmem(). */
static void __ref run_all(void)
{
	initcall_entry_t *call;

	runner = current;
	for (call = __late_crypto; call < __late_crypto_end; call++)
		do_one_initcall(initcall_from_entry(call));
	runner = NULL;
	WRITE_ONCE(done, true);
}

static bool is_registered(const char *name)
{
	struct crypto_alg *alg;
	bool found = false;

	down_read(&crypto_alg_sem);
	list_for_each_entry(alg, &crypto_alg_list, cra_list) {
		if (crypto_is_larval(alg) || crypto_is_moribund(alg))
			continue;
		if (!strcmp(alg->cra_name, name) || !strcmp(alg->cra_driver_name, name))
			found = true;
	}
	up_read(&crypto_alg_sem);
	return found;
}

/*
 * The first request for an algorithm that is not registered runs the initcalls.  If the
 * algorithm exists then, complete the request: its caller looks the algorithm up again.
 * Otherwise pass it to the next notifier, which makes algorithms from templates.
 */
static int request(struct notifier_block *nb, unsigned long message, void *data)
{
	struct crypto_larval *larval = data;

	if (message != CRYPTO_MSG_ALG_REQUEST || READ_ONCE(done) || runner == current)
		return NOTIFY_DONE;

	mutex_lock(&lock);
	if (!done)
		run_all();
	mutex_unlock(&lock);

	if (!is_registered(larval->alg.cra_name))
		return NOTIFY_DONE;
	larval->alg.cra_flags |= CRYPTO_ALG_DEAD;
	complete_all(&larval->completion);
	return NOTIFY_STOP;
}

static struct notifier_block first_in_chain = {
	.notifier_call = request,
	.priority = 1,
};

static int __init wait_for_requests(void)
{
	return crypto_register_notifier(&first_in_chain);
}
arch_initcall(wait_for_requests);
