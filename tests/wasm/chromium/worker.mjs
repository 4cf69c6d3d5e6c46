// SPDX-License-Identifier: GPL-2.0
/*
 * worker.mjs - the worker in which a script runs, with what the scripts need of Node.js
 */
import { callHost } from './host-calls.mjs';
import { receiveFile } from './images.mjs';

globalThis.setImmediate = (fn) => { setTimeout(fn); };
globalThis.process = {
  argv: [], env: { ANYFS_CORE: new URL('core.mjs', import.meta.url).href },
  stderr: { write: (text) => console.log(text.trimEnd()) },
  memoryUsage: () => callHost('memory'),
};

addEventListener('message', async ({ data }) => {
  if ('number' in data)
    return receiveFile(data);
  process.argv = ['', '', ...data.args];
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys())
    await root.removeEntry(name);
  try {
    await import(`/tests/${data.script}`);
    postMessage({ ended: null });
  } catch (error) {
    postMessage({ ended: `${error.stack}` });
  }
});
