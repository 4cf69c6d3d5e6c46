// SPDX-License-Identifier: GPL-2.0
//
// Functions that the scripts of this directory share.

'use strict';

const assert = require('node:assert');

/** Return the Error that `body` throws or rejects with. */
async function errorOf(body) {
  try {
    await body();
  } catch (error) {
    assert.ok(error instanceof Error, `not an Error: ${error}`);
    return error;
  }
  assert.fail('no error');
}

async function fails(code, body, text = '') {
  const error = await errorOf(body);
  assert.strictEqual(error.code, code, error.stack);
  assert.ok(error.message.includes(text), `no "${text}" in: ${error.message}`);
}

/** Run named cases one after another and print TAP. */
async function cases(list) {
  let number = 0;
  let failed = false;
  // If a call is never answered, Node.js exits before the last case: report that.
  process.exitCode = 1;
  for (const [name, body] of Object.entries(list)) {
    number++;
    try {
      await body();
      console.log(`ok ${number} - ${name}`);
    } catch (error) {
      console.log(`not ok ${number} - ${name}`);
      console.log(error?.stack ?? error);
      failed = true;
    }
  }
  console.log(`1..${number}`);
  process.exitCode = failed ? 1 : 0;
}

module.exports = { errorOf, fails, cases };
