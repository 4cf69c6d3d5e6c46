// SPDX-License-Identifier: GPL-2.0
//
// Compare the members of node:fs with those of disk.fs, and watch, find and read files in the
// ways that compare-table.js does not.	complete.js EXT4-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const os = require('node:os');
const { setTimeout: sleep } = require('node:timers/promises');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [ext4] = process.argv.slice(2);

// Members that disk.fs lacks, with the reason.
const LACKING = {
  fs: { lchmod: 'undefined in Node.js on Linux', lchmodSync: 'undefined in Node.js on Linux',
        _toUnixTimestamp: 'internal, and deprecated' },
  promises: {},
  FileHandle: {},
  Dir: { processReadResult: 'internal', readSyncRecursive: 'internal' },
};

async function withDisk(options, body) {
  const disk = await open(ext4, { write: true, ...options });
  try {
    return await body(disk.fs, disk);
  } finally {
    await disk.close();
  }
}

function compareMembers(kind, theirs, ours) {
  const names = Object.getOwnPropertyNames(theirs);
  assert.ok(names.length > 5, `${kind}: nothing to compare`);
  const missing = names.filter((name) => !(name in ours) && !(name in LACKING[kind]));
  assert.deepStrictEqual(missing, [], `${kind} lacks members`);
  const differ = names.filter((name) => name in ours && kind !== 'FileHandle' && kind !== 'Dir' &&
    typeof ours[name] !== typeof theirs[name] && !(name in LACKING[kind]));
  assert.deepStrictEqual(differ, [], `${kind} has members of another type`);
  const stale = Object.keys(LACKING[kind]).filter((name) => ours[name] !== undefined);
  assert.deepStrictEqual(stale, [], `${kind} has members that the list says are missing`);
}

/** Wait until `list` contains everything in `wanted`. */
async function until(list, wanted) {
  for (let i = 0; i < 30000 && !wanted.every((entry) => list.includes(entry)); i++)
    await sleep(10);
  for (const entry of wanted)
    assert.ok(list.includes(entry), `no "${entry}" in ${JSON.stringify(list)}`);
}

function watching(isolate) {
  const where = isolate ? 'isolated' : 'in this process';
  return {
    [`watch() reports changes, ${where}`]: () => withDisk({ isolate }, async (fs) => {
      fs.mkdirSync('/watched/sub/deep', { recursive: true });
      const seen = [];
      const watcher = fs.watch('/watched', { recursive: true },
                               (type, name) => seen.push(`${type} ${name}`));
      const closed = new Promise((resolve) => watcher.once('close', resolve));
      fs.writeFileSync('/watched/file', 'text');
      await fs.promises.writeFile('/watched/sub/deep/file', 'text');
      fs.mkdirSync('/watched/new');
      await until(seen, ['rename file', 'change file', 'rename sub/deep/file', 'rename new']);
      fs.writeFileSync('/watched/new/late', '');
      fs.renameSync('/watched/file', '/watched/moved');
      fs.chmodSync('/watched/moved', 0o600);
      fs.unlinkSync('/watched/moved');
      await until(seen, ['rename new/late', 'rename moved', 'change moved']);
      watcher.close();
      watcher.close();
      await closed;
      fs.rmSync('/watched', { recursive: true });
    }),
    [`promises.watch() ends with its signal, ${where}`]: () => withDisk({ isolate }, async (fs) => {
      fs.writeFileSync('/one', '');
      const abort = new AbortController();
      const first = fs.promises.watch('/one', { signal: abort.signal });
      const next = first.next();
      fs.writeFileSync('/one', 'changed');
      assert.deepStrictEqual((await next).value, { eventType: 'change', filename: 'one' });
      abort.abort();
      await fails('ABORT_ERR', async () => {
        for (;;)
          await first.next();
      });
      await fails('ABORT_ERR', () => fs.promises.watch('/one', { signal: abort.signal }).next());
    }),
    [`a watcher ends with the file that it watches, ${where}`]: () => withDisk({ isolate }, async (fs, disk) => {
      fs.mkdirSync('/gone');
      const closed = new Promise((resolve) => fs.watch('/gone').once('close', resolve));
      fs.rmdirSync('/gone');
      await closed;
      const alsoClosed = new Promise((resolve) => fs.watch('/').once('close', resolve));
      await disk.close();
      await alsoClosed;
    }),
    [`watch() reports errors as node:fs does, ${where}`]: () => withDisk({ isolate }, async (fs) => {
      await fails('ENOENT', () => fs.watch('/none'), "ENOENT: no such file or directory, watch '/none'");
      await fails('ERR_INVALID_ARG_TYPE', () => fs.watch(5));
      await fails('ERR_INVALID_ARG_TYPE', () => fs.watch('/', { recursive: 'x' }));
      await fails('ENOENT', () => fs.promises.watch('/none').next());
    }),
  };
}

const members = {
  'disk.fs has all members of node:fs': () => withDisk({}, async (fs) => {
    compareMembers('fs', nodeFs, fs);
    compareMembers('promises', nodeFs.promises, fs.promises);
    const [theirs, ours] = [await nodeFs.promises.open('/'), await fs.promises.open('/')];
    compareMembers('FileHandle', Object.getPrototypeOf(theirs), ours);
    compareMembers('Dir', nodeFs.Dir.prototype, fs.Dir.prototype);
    assert.strictEqual(typeof ours.getAsyncId(), 'number');
    await theirs.close();
    await ours.close();
  }),
  'watchFile() reports the old and the new state': () => withDisk({}, async (fs) => {
    fs.writeFileSync('/polled', 'a');
    const seen = [];
    const listener = (now, before) => seen.push(`${before.size} ${now.size} ${now.nlink}`);
    fs.watchFile('/polled', { interval: 10 }, listener);
    // The first state is that of the first poll, which may come late.
    let size = 1;
    for (; size < 600 && !seen.length; size++) {
      fs.appendFileSync('/polled', 'b');
      await sleep(50);
    }
    const [before, now, links] = seen[0].split(' ').map(Number);
    assert.ok(before >= 1 && now > before && links === 1, seen[0]);
    for (let i = 0; i < 3000 && !seen.at(-1).endsWith(` ${size} 1`); i++)
      await sleep(10);
    fs.unlinkSync('/polled');
    await until(seen, [`${size} 0 0`]);
    fs.unwatchFile('/polled', listener);
    await fails('ERR_INVALID_ARG_TYPE', () => fs.watchFile('/polled', {}));
  }),
};

const searching = {
  'glob() finds what node:fs finds': () => withDisk({}, async (fs) => {
    const top = nodeFs.mkdtempSync(`${os.tmpdir()}/glob-`);
    fs.mkdirSync(top, { recursive: true });
    for (const each of [nodeFs, fs]) {
      for (const dir of ['a/b/c', 'a/.hidden', 'x y', 'd[1]'])
        each.mkdirSync(`${top}/${dir}`, { recursive: true });
      for (const file of ['a/1.js', 'a/2.ts', 'a/b/3.js', 'a/b/c/4.js', 'a/.hidden/5.js', 'x y/6.js', '7'])
        each.writeFileSync(`${top}/${file}`, '');
    }
    const patterns = ['*', '**/*.js', 'a/*', 'a/**', '**', 'a/?.js', 'a/[13].js', 'a/[!1].*', '{a,x y}/*.js',
      'a/{b/*,*.ts}', 'none', 'none/*', '7', 'a/b', '**/c', '**/b/**/*.js', `${top}/a/*.js`,
      ['a/*.js', '*/1.js', '7'], 'a/{1,2}.{js,ts}'];
    const expected = {
      '**/*.js': ['a/1.js', 'a/b/3.js', 'a/b/c/4.js', 'x y/6.js'],
      'a/{b/*,*.ts}': ['a/2.ts', 'a/b/3.js', 'a/b/c'],
      'a/[!1].*': ['a/2.ts'],
    };
    for (const pattern of patterns) {
      const found = fs.globSync(pattern, { cwd: top }).sort();
      if (expected[pattern])
        assert.deepStrictEqual(found.filter((name) => !name.includes('.hidden')), expected[pattern]);
      if (nodeFs.globSync)
        assert.deepStrictEqual(found, nodeFs.globSync(pattern, { cwd: top }).sort(), `${pattern}`);
    }
    const streamed = [];
    for await (const name of fs.promises.glob('a/*.js', { cwd: top, exclude: ['a/1*'] }))
      streamed.push(name);
    assert.deepStrictEqual(streamed, []);
    const [entry] = fs.globSync('a/b/3.js', { cwd: top, withFileTypes: true });
    assert.ok(entry.isFile());
    assert.strictEqual(entry.name, '3.js');
    nodeFs.rmSync(top, { recursive: true });
  }),
  'opendir() reads subdirectories': () => withDisk({}, async (fs) => {
    fs.mkdirSync('/tree/a/b', { recursive: true });
    fs.writeFileSync('/tree/a/b/c', '');
    fs.writeFileSync('/tree/d', '');
    const found = [];
    for await (const entry of fs.opendirSync('/tree', { recursive: true }))
      found.push(`${entry.parentPath}/${entry.name}`);
    assert.deepStrictEqual(found.sort(), ['/tree/a', '/tree/a/b', '/tree/a/b/c', '/tree/d']);
  }),
  'files can be read as blobs and web streams': () => withDisk({}, async (fs) => {
    const data = Buffer.alloc(100000, 'blob');
    fs.writeFileSync('/blob', data);
    const blob = await fs.openAsBlob('/blob', { type: 'text/plain' });
    assert.strictEqual(blob.type, 'text/plain');
    assert.ok(Buffer.from(await blob.arrayBuffer()).equals(data));
    await fails('ENOENT', () => fs.openAsBlob('/none'));
    assert.strictEqual(await fs.openAsBlobSync('/blob').text(), await blob.text());
    await fails('ENOENT', () => fs.openAsBlobSync('/none'));
    const handle = await fs.promises.open('/blob');
    const parts = [];
    for await (const part of handle.readableWebStream())
      parts.push(part);
    assert.ok(Buffer.concat(parts).equals(data));
    await fails('ERR_INVALID_STATE', () => handle.readableWebStream());
    await handle.close();
  }),
  'an AbortSignal ends reading and writing': () => withDisk({}, async (fs) => {
    const { signal } = Object.assign(new AbortController(), {});
    const stopped = AbortSignal.abort();
    for (const call of [() => fs.promises.readFile('/', { signal: stopped }),
      () => fs.promises.writeFile('/abort', 'x', { signal: stopped }),
      () => fs.promises.appendFile('/abort', 'x', { signal: stopped })])
      await fails('ABORT_ERR', call);
    await fs.promises.writeFile('/abort', 'x', { signal });
    const during = new AbortController();
    async function* endless() {
      for (;;) {
        yield 'x';
        during.abort();
      }
    }
    await fails('ABORT_ERR', () => fs.promises.writeFile('/abort', endless(), { signal: during.signal }));
    const stream = fs.createReadStream('/abort', { signal: stopped });
    await fails('ABORT_ERR', () => new Promise((resolve, reject) => stream.once('error', reject)));
  }),
  'temporary directories remove themselves': () => withDisk({}, async (fs) => {
    const made = fs.mkdtempDisposableSync('/tmp-');
    fs.writeFileSync(`${made.path}/x`, '');
    made.remove();
    assert.ok(!fs.existsSync(made.path));
    const later = await fs.promises.mkdtempDisposable('/tmp-');
    await later.remove();
    assert.ok(!fs.existsSync(later.path));
  }),
};

cases({ ...members, ...watching(false), ...watching(true), ...searching });
