// SPDX-License-Identifier: GPL-2.0
//
// Make the same calls with node:fs in a directory of the host and with disk.fs in an image,
// and compare results and errors.  The image has a directory with the same path, so that
// even messages must be equal.
//
//	compare.js IMAGE DIRECTORY [isolate]

'use strict';

const nodeFs = require('node:fs');
const assert = require('node:assert');
const { inspect } = require('node:util');
const { open } = require('@anyfs/native');
const { tables, fdSteps, handleSteps } = require('./compare-table.js');

const [image, top, isolate] = process.argv.slice(2);
let cases = 0;
let failures = 0;

function shownStats(value) {
  const { mode, nlink, size } = value;
  const dir = value.isDirectory();
  return { kind: value.constructor.name, mode: Number(mode), size: dir ? 'any' : size,
           nlink: dir ? 'any' : nlink, file: value.isFile(), dir, link: value.isSymbolicLink(),
           members: Object.keys(value).length };
}

/** The part of a result that must be equal. */
function shown(value) {
  if (value && typeof value === 'object' && 'mtimeMs' in value)
    return shownStats(value);
  if (value && typeof value === 'object' && 'bavail' in value)
    return { members: Object.keys(value), type: typeof value.bsize };
  if (value instanceof nodeFs.Dirent)
    return { name: value.name, parent: value.parentPath ?? value.path, file: value.isFile(),
             dir: value.isDirectory(), link: value.isSymbolicLink(), fifo: value.isFIFO() };
  if (Array.isArray(value))
    return value.map(shown);
  if (value?.constructor?.name === 'Dir')
    return { path: value.path };
  return value;
}

/** The random letters of mkdtemp() differ. */
const plain = (text) => text?.replace?.(/temporary-\w{6}/, 'temporary-XXXXXX');

function shownError(error, member) {
  const { name, code, errno, syscall, path, dest, message } = error;
  if (member)
    return { [member]: error[member] };
  // The texts about wrong arguments, which have no path, are those of Node.js 20.
  if (code?.startsWith('ERR_') && !process.version.startsWith('v20.'))
    return { name, code };
  return { name, code, errno, syscall, path: plain(path), dest, message: plain(message) };
}

/** Where versions of Node.js differ, only the code of an error is compared. */
function onlyCode(face, name, args) {
  return (face === 'sync' && name === 'opendir') || (face !== 'sync' && name === 'readFile') ||
    (['access', 'copyFile'].includes(name) && [-1, 8, 'x'].includes(args.at(-1)));
}

async function outcome(body, member) {
  let value;
  try {
    value = await body();
  } catch (error) {
    return { error: shownError(error, member) };
  }
  if (value?.constructor?.name === 'Dir')
    await value.close();
  return { value: shown(value) };
}

const faces = {
  sync: (fs, name, args) => fs[`${name}Sync`](...args),
  callback: (fs, name, args) => new Promise((resolve, reject) => {
    fs[name](...args, (error, value) => (error ? reject(error) : resolve(value)));
  }),
  promises: (fs, name, args) => fs.promises[name](...args),
};

async function both(what, fs, ours, call, member) {
  const expected = await outcome(() => call(fs), member);
  const got = await outcome(() => call(ours), member);
  cases++;
  try {
    assert.deepStrictEqual(got, expected);
  } catch (error) {
    failures++;
    console.log(`${what}:\n${error.message}\n`);
  }
}

async function compareTables(ours) {
  for (const [face, call] of Object.entries(faces)) {
    const root = `${top}/${face}`;
    nodeFs.mkdirSync(root);
    ours.mkdirSync(root, { recursive: true });
    for (const [name, ...args] of tables(root)) {
      if (!nodeFs[name] || (face === 'promises' && !nodeFs.promises[name]))
        continue;	// this Node.js does not have it
      const what = `${face} ${name}(${args.map((a) => inspect(a)).join(', ')})`;
      await both(what, nodeFs, ours, (fs) => call(fs, name, args),
                 onlyCode(face, name, args) ? 'code' : undefined);
    }
  }
}

async function compareFds(ours) {
  for (const face of ['sync', 'callback']) {
    const saved = new Map();
    for (const [name, ...args] of fdSteps(`${top}/${face}`)) {
      await both(`${face} ${name}`, nodeFs, ours, async (fs) => {
        const own = args.map((a) => (a === 'FD' ? saved.get(fs) :
          Buffer.isBuffer(a) ? Buffer.from(a) : Array.isArray(a) ? a.map((b) => Buffer.from(b)) : a));
        const value = await faces[face](fs, name, own);
        if (name !== 'open')
          return { value: shown(value), buffers: own.filter((a) => typeof a === 'object') };
        saved.set(fs, value);
        return 'a descriptor';
      });
    }
  }
}

async function compareHandles(ours) {
  const saved = new Map();
  for (const fs of [nodeFs, ours])
    saved.set(fs, await fs.promises.open(`${top}/promises/handle`, 'w+'));
  for (const [name, ...args] of handleSteps) {
    await both(`FileHandle ${name}`, nodeFs, ours, async (fs) =>
      saved.get(fs)[name](...args.map((a) => (Buffer.isBuffer(a) ? Buffer.from(a) : a))));
  }
}

async function main() {
  process.exitCode = 1;
  process.umask(0o22);
  const disk = await open(image, { write: true, isolate: isolate !== undefined });
  try {
    await compareTables(disk.fs);
    await compareFds(disk.fs);
    await compareHandles(disk.fs);
  } finally {
    await disk.close();
  }
  console.log(`${cases} calls, ${failures} differ`);
  process.exitCode = failures || cases < 300 ? 1 : 0;
}

main();
