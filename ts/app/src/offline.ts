// SPDX-License-Identifier: GPL-2.0
/*
 * offline.ts - start the service worker, which keeps the application for use without a network
 *
 * The service worker also fetches the kernel, after the first screen is shown.
 */
let registered: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);

export function startOffline(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD)
    return;
  registered = (async () => {
    if (document.readyState !== 'complete')
      await new Promise((done) => window.addEventListener('load', done, { once: true }));
    // If the browser refuses (in a private window), images can still be opened.
    return navigator.serviceWorker.register('./sw.js').catch(() => null);
  })();
}

/**
 * On the first visit, wait until the service worker has fetched the files of the application:
 * else the page would fetch the kernel, its largest file, at the same time.
 */
export async function kernelCached(signal: AbortSignal): Promise<void> {
  if (navigator.serviceWorker?.controller)
    return;
  const worker = (await registered)?.installing;

  await new Promise<void>((done) => {
    const look = () => {
      if (!worker || signal.aborted || worker.state === 'activated' || worker.state === 'redundant')
        done();
    };
    worker?.addEventListener('statechange', look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}
