// SPDX-License-Identifier: GPL-2.0
/*
 * vite.config.mjs - settings for building the pages of the tests
 *
 * The pages are outside of the workspace ts/, so an alias names the place of each of its packages.
 * ANYFS_REACT: directory of a package whose React is used instead.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const workspace = dirname(process.env.ANYFS_NPM);
const modules = join(workspace, 'node_modules');
const react = process.env.ANYFS_REACT ? join(process.env.ANYFS_REACT, 'node_modules') : modules;
const { default: plugin } = await import(createRequire(process.env.ANYFS_NPM)
  .resolve('@vitejs/plugin-react'));

export default {
  base: './',
  cacheDir: 'vite-cache',
  plugins: [plugin()],
  worker: { format: 'es' },
  resolve: {
    alias: [
      { find: /^(react|react-dom)(\/|$)/, replacement: `${react}/$1$2` },
      { find: /^@anyfs\//, replacement: `${modules}/@anyfs/` },
    ],
    dedupe: ['react', 'react-dom'],
  },
  build: { target: 'es2022', assetsInlineLimit: 0, minify: false },
};
