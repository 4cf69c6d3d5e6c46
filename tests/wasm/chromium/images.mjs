// SPDX-License-Identifier: GPL-2.0
/*
 * images.mjs - images of the test's directory in a worker: files that a user has chosen, and
 * copies in the origin's own files, which can be written
 */
import { writeHostFile } from './host-calls.mjs';

const waiting = new Map();
let lastNumber = 0;

/** The page sends a file. */
export function receiveFile({ number, file, error }) {
  const { resolve, reject } = waiting.get(number);

  waiting.delete(number);
  if (file)
    resolve(file);
  else
    reject(Object.assign(new Error(error), { code: /ENOENT/.test(error) ? 'ENOENT' : 'EIO' }));
}

/** The file @path, as if the user had chosen it. */
export function chosenFile(path) {
  postMessage({ choose: path, number: ++lastNumber });
  return new Promise((resolve, reject) => waiting.set(lastNumber, { resolve, reject }));
}

export class Copy {
  static async of(path) {
    const file = await chosenFile(path);
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(`copy-${++lastNumber}`, { create: true });
    await file.stream().pipeTo(await handle.createWritable());
    return Object.assign(new Copy(), { path, handle });
  }

  /** Replace the file by the copy. */
  async store() {
    await writeHostFile(this.path, await this.handle.getFile());
  }
}
