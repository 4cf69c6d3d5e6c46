// SPDX-License-Identifier: GPL-2.0
/*
 * offline.ts - start the service worker, which keeps the application for use without a network
 *
 * It also fetches the kernel, after the first screen is shown.
 */
export function startOffline(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD)
    return;
  const register = () => {
    // A browser that refuses (a private window) opens images all the same.
    navigator.serviceWorker.register('./sw.js').catch(() => {});
  };
  if (document.readyState === 'complete')
    register();
  else
    window.addEventListener('load', register);
}
