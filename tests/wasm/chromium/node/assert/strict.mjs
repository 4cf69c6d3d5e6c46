// SPDX-License-Identifier: GPL-2.0
/*
 * strict.mjs - node:assert/strict for scripts that run in a page
 */
function show(value) {
  return value instanceof Error ? value.stack :
    JSON.stringify(value, (_, one) => typeof one === 'bigint' ? `${one}n` : one)?.slice(0, 2000);
}

function fail(message, got, want) {
  throw message instanceof Error ? message : new Error(message ?? `${show(got)} instead of ${show(want)}`);
}

function same(a, b) {
  if (Object.is(a, b))
    return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b)
    return false;
  if (ArrayBuffer.isView(a) || Array.isArray(a))
    return a.length === b.length && a.every((one, i) => same(one, b[i]));
  if (a instanceof Set)
    return b instanceof Set && a.size === b.size && [...a].every((one) => b.has(one));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

/** Is @error what a test expects: a pattern, a class, a function, or an object with members? */
function fits(error, expected) {
  if (expected === undefined)
    return true;
  if (expected instanceof RegExp)
    return expected.test(String(error));
  if (typeof expected === 'function')
    return expected === Error || expected.prototype instanceof Error ? error instanceof expected :
      expected(error) === true;
  return Object.entries(expected).every(([key, value]) =>
    value instanceof RegExp ? value.test(error[key]) : same(error[key], value));
}

const assert = {
  ok: (value, message) => value || fail(message, value, true),
  equal: (got, want, message) => Object.is(got, want) || fail(message, got, want),
  notEqual: (got, other, message) => Object.is(got, other) && fail(message, got, 'another value'),
  deepEqual: (got, want, message) => same(got, want) || fail(message, got, want),
  match: (text, pattern, message) => pattern.test(text) || fail(message, text, String(pattern)),
  async rejects(promise, expected, message) {
    let error;
    try {
      await (typeof promise === 'function' ? promise() : promise);
    } catch (caught) {
      error = caught;
    }
    if (error === undefined)
      fail(message, 'no error', 'an error');
    if (!fits(error, expected))
      fail(message, error, String(expected));
  },
};
export default assert;
