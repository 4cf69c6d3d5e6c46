// SPDX-License-Identifier: GPL-2.0
/*
 * start.ts - the main program of Electron
 */
import { fileURLToPath } from 'node:url';

import { start } from './main.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

start({ web: file('../web'), preload: file('./preload.cjs'), utility: file('./utility.js') });
