// SPDX-License-Identifier: GPL-2.0
/*
 * electron-second.mjs - a second instance of the program ends
 */
import assert from 'node:assert/strict';

import { fake, load } from './electron/program.mjs';

fake.lock = false;
await load('start.js');
assert.deepEqual(fake.calls, [{ name: 'quit', args: [] }]);
