// SPDX-License-Identifier: GPL-2.0
//
// Packages from npm with disk.fs.	consumers.js EXT4-IMAGE

'use strict';

const assert = require('node:assert');
const Module = require('node:module');
const nodeFs = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { open } = require('@anyfs/native');
const { cases } = require('./lib-image.js');

const [ext4] = process.argv.slice(2);
// All paths begin with the test's directory, so that a package that does not use disk.fs
// damages no other directory of the host.
const top = `${process.cwd()}/inside`;
let disk;
let fs;

/** Load a package that takes no `fs`, with disk.fs in place of node:fs. */
function requireWithFs(name) {
  const load = Module._load;
  for (const file of Object.keys(require.cache))
    if (file.includes('node_modules'))
      delete require.cache[file];	// drop the copy that was loaded with node:fs
  Module._load = function(request, ...rest) {
    if (request === 'fs' || request === 'node:fs')
      return fs;
    if (request === 'fs/promises' || request === 'node:fs/promises')
      return fs.promises;
    return load.call(this, request, ...rest);
  };
  try {
    return require(name);
  } finally {
    Module._load = load;
  }
}

const packages = {
  'isomorphic-git makes a repository': async () => {
    const git = require('isomorphic-git');
    const repository = { fs, dir: `${top}/repository` };
    const author = { name: 'Example', email: 'example@example.com' };
    fs.mkdirSync(`${top}/repository/src`, { recursive: true });
    await git.init({ ...repository, defaultBranch: 'main' });
    for (const [message, text] of [['first', 'one\n'], ['second', 'two\n']]) {
      await fs.promises.writeFile(`${top}/repository/src/file`, text);
      await git.add({ ...repository, filepath: 'src/file' });
      await git.commit({ ...repository, message, author });
    }
    assert.deepStrictEqual((await git.log(repository)).map((entry) => entry.commit.message.trim()),
                           ['second', 'first']);
    await git.branch({ ...repository, ref: 'old', object: (await git.log(repository))[1].oid });
    await git.checkout({ ...repository, ref: 'old' });
    assert.strictEqual(fs.readFileSync(`${top}/repository/src/file`, 'utf8'), 'one\n');
    await git.checkout({ ...repository, ref: 'main' });
    assert.deepStrictEqual(await git.statusMatrix(repository), [['src/file', 1, 1, 1]]);
  },
  'archiver and unzipper exchange a zip file': async () => {
    const archiver = require('archiver');
    const unzipper = require('unzipper');
    const archive = archiver('zip');
    archive.append('in the archive', { name: 'dir/file' });
    archive.append(fs.createReadStream(`${top}/repository/src/file`), { name: 'streamed' });
    archive.finalize();
    await pipeline(archive, fs.createWriteStream(`${top}/archive.zip`));
    const found = {};
    for await (const entry of fs.createReadStream(`${top}/archive.zip`).pipe(unzipper.Parse({ forceStream: true })))
      found[entry.path] = String(await entry.buffer());
    assert.deepStrictEqual(found, { 'dir/file': 'in the archive', 'streamed': 'two\n' });
  },
  'tar-stream reads what toTar() writes': async () => {
    const tar = require('tar-stream');
    const extract = tar.extract();
    const names = [];
    extract.on('entry', (header, stream, next) => {
      names.push(header.name);
      stream.on('end', next).resume();
    });
    await pipeline(disk.toTar(`${top}/repository/src`), extract);
    assert.deepStrictEqual(names, ['./', 'file']);
  },
  'glob finds files': async () => {
    const { glob, globSync } = require('glob');
    const options = { fs, cwd: top, absolute: true };
    assert.deepStrictEqual(await glob('repository/**/f*', options), [`${top}/repository/src/file`]);
    assert.deepStrictEqual(globSync('*.zip', options), [`${top}/archive.zip`]);
  },
  'unionfs combines an image with another file system': async () => {
    const { Union } = require('unionfs');
    const union = new Union();
    union.use(nodeFs).use(fs);
    assert.strictEqual(union.readFileSync(`${top}/repository/src/file`, 'utf8'), 'two\n');
    assert.ok(union.existsSync(__filename));
    assert.strictEqual(await union.promises.readFile(`${top}/repository/src/file`, 'utf8'), 'two\n');
  },
  'graceful-fs patches disk.fs': async () => {
    const graceful = require('graceful-fs').gracefulify({ ...fs });
    const text = await new Promise((resolve, reject) => {
      graceful.readFile(`${top}/repository/src/file`, 'utf8', (error, data) => (error ? reject(error) : resolve(data)));
    });
    assert.strictEqual(text, 'two\n');
    const parts = [];
    for await (const part of graceful.createReadStream(`${top}/repository/src/file`))
      parts.push(part);
    assert.strictEqual(String(Buffer.concat(parts)), 'two\n');
  },
  'fs-extra copies, moves and reads JSON': async () => {
    const extra = requireWithFs('fs-extra');
    await extra.outputJson(`${top}/extra/deep/data.json`, { answer: 42 });
    assert.deepStrictEqual(await extra.readJson(`${top}/extra/deep/data.json`), { answer: 42 });
    await extra.copy(`${top}/extra`, `${top}/extra2`);
    await extra.move(`${top}/extra2/deep`, `${top}/moved`);
    assert.ok(await extra.pathExists(`${top}/moved/data.json`));
    extra.emptyDirSync(`${top}/extra`);
    assert.deepStrictEqual(fs.readdirSync(`${top}/extra`), []);
    await extra.remove(`${top}/extra2`);
    assert.ok(!fs.existsSync(`${top}/extra2`));
    assert.ok(!nodeFs.existsSync(`${top}/moved`));
  },
  'webpack bundles sources of the image into the image': async () => {
    const webpack = require('webpack');
    fs.mkdirSync(`${top}/app/lib`, { recursive: true });
    fs.writeFileSync(`${top}/app/index.js`, 'import { text } from "./lib/part"; globalThis.bundled = text;');
    fs.writeFileSync(`${top}/app/lib/part.js`, 'export const text = "from the image";');
    const compiler = webpack({ mode: 'production', context: `${top}/app`, entry: './index.js',
                               output: { path: `${top}/app/dist`, filename: 'bundle.js' } });
    compiler.inputFileSystem = fs;
    compiler.outputFileSystem = fs;
    compiler.intermediateFileSystem = fs;
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    assert.ok(!stats.hasErrors(), stats.toString());
    await new Promise((resolve) => compiler.close(resolve));
    new Function(fs.readFileSync(`${top}/app/dist/bundle.js`, 'utf8'))();
    assert.strictEqual(globalThis.bundled, 'from the image');
  },
  'rimraf removes a tree': async () => {
    const { rimraf } = requireWithFs('rimraf');
    await rimraf(`${top}/app`);
    assert.ok(!fs.existsSync(`${top}/app`));
  },
};

async function main() {
  disk = await open(ext4, { write: true });
  fs = disk.fs;
  fs.mkdirSync(top, { recursive: true });
  try {
    await cases(packages);
  } finally {
    assert.ok(!nodeFs.existsSync(top), 'a package has written to the host');
    await disk.close();
  }
}

main();
