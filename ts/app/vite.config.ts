// SPDX-License-Identifier: GPL-2.0
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // Works from any directory of a server.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { outDir: '../../build/web', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
});
