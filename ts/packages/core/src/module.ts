// SPDX-License-Identifier: GPL-2.0
/*
 * module.ts - find and compile kernel.wasm
 *
 * The compiled module has no state, so each file is compiled once.
 */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** By default the kernel.wasm beside the package's dist directory. */
export function loadModule(from: WebAssembly.Module | URL | string | undefined) {
  if (from instanceof WebAssembly.Module)
    return Promise.resolve(from);
  const url = new URL(from ?? '../kernel.wasm', import.meta.url);
  let module = compiled.get(url.href);
  if (!module) {
    module = compile(url);
    compiled.set(url.href, module);
    module.catch(() => compiled.delete(url.href));
  }
  return module;
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`${url}: the server answers ${response.status} ${response.statusText}`);
  // Servers that do not know the type application/wasm are common.
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
