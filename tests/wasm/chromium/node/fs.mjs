// SPDX-License-Identifier: GPL-2.0
/*
 * fs.mjs - node:fs for scripts that run in a page
 */
import { callHost, readHostFile, writeHostFile } from '/tests/chromium/host-calls.mjs';
import { chosenFile } from '/tests/chromium/images.mjs';

export function readFileSync(path, encoding) {
  const data = readHostFile(path);
  return encoding ? new TextDecoder().decode(data) : data;
}

export const writeFileSync = writeHostFile;
export const openAsBlob = chosenFile;
export const readlinkSync = (path) => callHost('readlink', path);
export const readdirSync = (path, options) => callHost('list', path, options);

export function lstatSync(path) {
  const { size, kind } = callHost('stat', path);
  return { size, isDirectory: () => kind === 'dir', isSymbolicLink: () => kind === 'link' };
}

export const statSync = lstatSync;

export async function* createReadStream(path) {
  yield readHostFile(path);
}
