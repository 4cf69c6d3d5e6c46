// SPDX-License-Identifier: GPL-2.0
import react from '@vitejs/plugin-react';

export default {
  base: './',
  plugins: [react()],
  // Vite's development server must not bundle the package in advance: it has a worker.
  optimizeDeps: { exclude: ['@anyfs/core'] },
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0 },
};
