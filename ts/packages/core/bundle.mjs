// SPDX-License-Identifier: GPL-2.0
/*
 * bundle.mjs - join the modules of dist that a page loads
 *
 * Otherwise a page and its worker would load 50 small files each, one after the other along the
 * chain of imports.  The modules themselves stay beside the bundles.
 */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('dist/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'anyfs-bundle-'));

async function bundle(...names) {
  const bundler = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, join(dist, `${name}.js`)])),
    platform: 'browser',
    // Loaded by Node.js alone.
    external: [/^node:/, /\/node-file\.js$/],
  });
  await bundler.write({
    dir: scratch, format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared-[name].js',
  });
  await bundler.close();
}

try {
  // The entries share classes such as FsError, so they are bundled together; the worker is one file.
  await bundle('index', 'node', 'serve');
  await bundle('worker');
  for (const name of readdirSync(scratch))
    copyFileSync(join(scratch, name), join(dist, name));
} finally {
  rmSync(scratch, { recursive: true });
}
