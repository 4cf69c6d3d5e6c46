// SPDX-License-Identifier: GPL-2.0
import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type Plugin, defineConfig } from 'vite';

/** Tell the service worker the files of the application. */
function serviceWorkerFiles(): Plugin {
  return {
    name: 'service-worker-files',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk')
        return;
      const hash = createHash('sha256');
      const files = Object.keys(bundle).filter((name) => name !== 'sw.js').sort();
      for (const name of files) {
        const file = bundle[name]!;
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source);
      }
      for (const name of readdirSync('public')) {
        files.push(name);
        hash.update(readFileSync(`public/${name}`));
      }
      worker.code = worker.code.replace(/__FILES__/g, JSON.stringify(files))
        .replace(/__VERSION__/g, JSON.stringify(hash.digest('hex').slice(0, 16)));
    },
  };
}

export default defineConfig({
  // Works from any directory of a server.
  base: './',
  plugins: [react(), serviceWorkerFiles()],
  worker: { format: 'es' },
  build: {
    outDir: '../../build/web', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/sw/sw.ts' },
      output: { entryFileNames: ({ name }) => name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js' },
    },
  },
});
