// SPDX-License-Identifier: GPL-2.0
/*
 * program.mjs - run the main program and the preload script with the fake electron
 */
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const electron = new URL('./fake.mjs', import.meta.url).href;

export const ELECTRON = join(process.env.ANYFS_BUILD, 'electron');
export const file = (name) => join(ELECTRON, 'dist', name);

registerHooks({
  resolve: (specifier, context, next) => specifier === 'electron' ?
    { url: electron, format: 'module', shortCircuit: true } : next(specifier, context),
});

export const { fake, app } = await import(electron);

/** Import a file of the program. */
export const load = (name) => import(pathToFileURL(file(name)).href);

/** Start the main program with these arguments, and wait until it is ready. */
export async function startProgram(args = []) {
  process.argv = [process.execPath, ...args];
  await load('start.js');
  await fake.start();
}

/** The object that the preload script gives to the page in @window, which also gets its ports. */
export function preload(window) {
  fake.current = window;
  window.webContents.on('fake-port', (channel, request, ports) =>
    fake.rendererListeners.get(channel)({ ports: ports.map(({ port }) => port) }, request));
  createRequire(import.meta.url)(file('preload.cjs'));
  return fake.exposed.anyfsDesktop;
}

/** Wait until @condition holds. */
export async function until(condition) {
  while (!await condition())
    await new Promise((done) => setTimeout(done, 20));
}
