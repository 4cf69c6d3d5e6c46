// SPDX-License-Identifier: GPL-2.0
/*
 * module.ts - find and compile the package's WebAssembly modules
 *
 * The compiled module has no state, so each file is compiled once.
 */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

// The file names are constants, so that bundlers find the files.
const own = {
  kernel: () => new URL('../kernel.wasm', import.meta.url),
  'kernel-asyncify': () => new URL('../kernel-asyncify.wasm', import.meta.url),
  formats: () => new URL('../formats.wasm', import.meta.url),
  volumes: () => new URL('../volumes.wasm', import.meta.url),
  'volumes-asyncify': () => new URL('../volumes-asyncify.wasm', import.meta.url),
};

/** @param from the module, or its address; by default the file in this package */
export function loadModule(from: WebAssembly.Module | URL | string | undefined,
  name: keyof typeof own): Promise<WebAssembly.Module> {
  if (from instanceof WebAssembly.Module)
    return Promise.resolve(from);
  const url = from === undefined ? own[name]() : new URL(from, import.meta.url);
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
  // Compiling while the file arrives needs the type application/wasm, which many servers do not
  // send.
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
