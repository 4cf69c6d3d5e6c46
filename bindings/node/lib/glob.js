// SPDX-License-Identifier: GPL-2.0
//
// glob.js - find files by patterns: * ? [a-z] {a,b} and ** for directories at any depth

'use strict';

const calls = require('./calls.js');
const check = require('./validate.js');
const stats = require('./stats.js');
const { list, typeOf, join } = require('./trees.js');
const { argType } = require('./errors.js');

/** The alternatives of the braces in a pattern, as patterns without braces. */
function expand(pattern) {
  const open = pattern.indexOf('{');
  let depth = 0;
  const cuts = [];
  for (let i = open; i >= 0 && i < pattern.length; i++) {
    if (pattern[i] === '{' && depth++ === 0)
      cuts.push(i);
    else if (pattern[i] === ',' && depth === 1)
      cuts.push(i);
    else if (pattern[i] === '}' && --depth === 0) {
      cuts.push(i);
      break;
    }
  }
  if (open < 0 || depth !== 0 || cuts.length < 3)
    return [pattern];
  const out = [];
  for (let i = 0; i + 1 < cuts.length; i++)
    out.push(...expand(pattern.slice(0, open) + pattern.slice(cuts[i] + 1, cuts[i + 1]) +
                       pattern.slice(cuts.at(-1) + 1)));
  return out;
}

/**
 * A component of a pattern as a regular expression, or as a string if it has no special characters.
 */
function component(text) {
  if (!/[*?[]/.test(text))
    return text;
  let source = text.startsWith('.') ? '' : '(?!\\.)';
  for (let i = 0; i < text.length; i++) {
    const close = text[i] === '[' ? text.indexOf(']', i + 2) : -1;
    if (text[i] === '*') {
      source += '[^/]*';
    } else if (text[i] === '?') {
      source += '[^/]';
    } else if (close > 0) {
      const set = text.slice(i + 1, close).replace(/\\/g, '\\\\').replace(/^[!^]/, '^');
      source += `[${set}]`;
      i = close;
    } else {
      source += text[i].replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 'su');
}

function parse(pattern) {
  if (typeof pattern !== 'string')
    throw argType('pattern', 'of type string or an instance of Array', pattern);
  return expand(pattern).map((text) => ({
    absolute: text.startsWith('/'),
    parts: text.split('/').filter((part, i, all) => part !== '' && (part !== '.' || all.length === 1))
      .map((part) => (part === '**' ? part : component(part))),
  }));
}

const matches = (part, name) => (typeof part === 'string' ? part === name : part.test(name));

/** The entries [name, type] of a directory; none if it is not a directory or cannot be read. */
function* entriesIn(core, path) {
  try {
    return yield* list(core, path);
  } catch (error) {
    if (error.errno === undefined)
      throw error;
    return [];
  }
}

function* walk(core, state, path, relative, parts) {
  const [part, ...rest] = parts;
  if (part === undefined) {
    yield* state.found(path, relative);
    return;
  }
  if (part === '**' && rest.length)
    yield* walk(core, state, path, relative, rest);
  if (typeof part === 'string' && part !== '**') {
    const target = join(path, part);
    const stat = yield* calls.lstat(core, target, { throwIfNoEntry: false });
    if (stat)
      yield* walk(core, state, target, relative ? join(relative, part) : part, rest);
    return;
  }
  if (part === '**' && !rest.length)
    yield* state.found(path, relative);
  for (const entry of yield* entriesIn(core, path)) {
    const name = stats.decodeName(entry[0]);
    const below = relative ? join(relative, name) : name;
    if (part === '**' && name.startsWith('.'))
      continue;
    if (part === '**') {
      const isDirectory = (yield* typeOf(core, path, entry)) === stats.DT_DIR;
      if (isDirectory && !state.excluded(below, name))
        yield* walk(core, state, join(path, name), below, parts);
      else if (!isDirectory && !rest.length)
        yield* state.found(join(path, name), below);
    } else if (matches(part, name)) {
      yield* walk(core, state, join(path, name), below, rest);
    }
  }
}

/** Convert the option `exclude` to a function of (path relative to cwd, name). */
function exclusion(exclude, withFileTypes) {
  if (exclude === undefined)
    return () => false;
  if (typeof exclude === 'function')
    return (relative, name) => exclude(withFileTypes ? { name } : relative);
  const patterns = [exclude].flat().flatMap(parse);
  return (relative) => patterns.some(({ parts }) => {
    const names = relative.split('/');
    const fit = (p, n) => (p === parts.length ? n === names.length :
      parts[p] === '**' ? fit(p + 1, n) || (n < names.length && fit(p, n + 1)) :
        n < names.length && matches(parts[p], names[n]) && fit(p + 1, n + 1));
    return fit(0, 0);
  });
}

function* glob(core, pattern, options) {
  if (options !== undefined)
    check.object(options);
  const { cwd = '/', exclude, withFileTypes = false } = options ?? {};
  const patterns = (Array.isArray(pattern) ? pattern : [pattern]).flatMap(parse);
  const top = String(check.path(cwd, 'options.cwd'));
  const excluded = exclusion(exclude, withFileTypes);
  const out = new Map();
  const state = {
    excluded,
    *found(path, relative) {
      const shown = relative || '.';
      if (out.has(shown) || excluded(relative, relative.replace(/.*\//, '')))
        return;
      let result = shown;
      if (withFileTypes) {
        const { mode } = yield* calls.lstat(core, path);
        result = stats.direntOf(shown.replace(/.*\//, ''), stats.typeOfMode(mode),
                                path.replace(/\/[^/]*$/, '') || '/');
      }
      out.set(shown, result);
    },
  };
  for (const { absolute, parts } of patterns)
    yield* walk(core, state, absolute ? '/' : top, absolute ? '/' : '', parts);
  return [...out.values()];
}

module.exports = { glob };
