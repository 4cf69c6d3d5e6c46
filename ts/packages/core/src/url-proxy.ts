// SPDX-License-Identifier: GPL-2.0
/*
 * url-proxy.ts - fetch images through a proxy that the page names, for servers without CORS
 */
declare global {
  var __anyfs: { urlProxyPrefix?: string } | undefined;
}

/** "": there is no proxy. */
export function getUrlProxyPrefix(): string {
  return globalThis.__anyfs?.urlProxyPrefix ?? '';
}

/** Addresses of the page's own origin need no proxy. */
export function applyUrlProxy(url: string): string {
  const prefix = getUrlProxyPrefix();
  const origin = typeof location === 'object' ? location.origin : null;

  if (!prefix || !/^https?:/i.test(url) || new URL(url).origin === origin)
    return url;
  return prefix + encodeURIComponent(url);
}
