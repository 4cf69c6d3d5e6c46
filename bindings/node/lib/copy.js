// SPDX-License-Identifier: GPL-2.0
//
// copy.js - copy a tree between the image and the host, with progress

'use strict';

const check = require('./validate.js');
const { abortError, nodeError } = require('./errors.js');

const PART = 1 << 20;

/** Count the files and bytes of a tree. */
async function measure(fs, path, total, signal) {
  if (signal?.aborted)
    throw abortError(signal);
  const found = await fs.promises.lstat(path);
  total.files++;
  if (found.isFile())
    total.bytes += found.size;
  if (found.isDirectory())
    for (const name of await fs.promises.readdir(path))
      await measure(fs, `${path}/${name}`, total, signal);
  return total;
}

class Copy {
  constructor(from, to, { onProgress, signal }, total) {
    Object.assign(this, { from, to, onProgress, signal, total, files: 0, bytes: 0 });
  }

  report(path) {
    if (this.signal?.aborted)
      throw abortError(this.signal);
    this.onProgress?.({ path, files: this.files, bytes: this.bytes,
                        totalFiles: this.total.files, totalBytes: this.total.bytes });
  }

  /** Files are made anew: nothing that is there is overwritten, nor followed if it is a link. */
  async file(source, target, found) {
    const input = await this.from.promises.open(source, 'r');
    try {
      const output = await this.to.promises.open(target, 'wx', found.mode & 0o777);
      try {
        await this.content(source, input, output);
        await output.chmod(found.mode & 0o777);
        await output.utimes(found.atimeMs / 1000, found.mtimeMs / 1000);
      } finally {
        await output.close();
      }
    } finally {
      await input.close();
    }
  }

  async content(source, input, output) {
    const buffer = Buffer.allocUnsafe(PART);
    for (;;) {
      const { bytesRead } = await input.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0)
        return;
      for (let done = 0; done < bytesRead;)
        done += (await output.write(buffer, done, bytesRead - done, null)).bytesWritten;
      this.bytes += bytesRead;
      this.report(source);
    }
  }

  async tree(source, target) {
    this.report(source);
    const found = await this.from.promises.lstat(source);
    if (found.isDirectory()) {
      await this.to.promises.mkdir(target, { mode: 0o700 });
      for (const name of await this.from.promises.readdir(source))
        await this.tree(`${source}/${name}`, `${target}/${name}`);
      await this.to.promises.chmod(target, found.mode & 0o777);
      await this.to.promises.utimes(target, found.atimeMs / 1000, found.mtimeMs / 1000);
    } else if (found.isSymbolicLink()) {
      await this.to.promises.symlink(await this.from.promises.readlink(source), target);
    } else if (found.isFile()) {
      await this.file(source, target, found);
    } else {
      throw nodeError(Error, 'ERR_FS_CP_UNKNOWN',
                      `${source}: is neither a file, a directory nor a symbolic link; copy it with toTar()`);
    }
    this.files++;
    this.report(source);
  }
}

/** Copy `source` to `target`, which must not exist.  Returns the numbers of files and bytes. */
async function copyTree(from, source, to, target, options = {}) {
  source = String(check.path(source, 'source'));
  target = String(check.path(target, 'target'));
  check.object(options);
  if (options.onProgress !== undefined)
    check.callback(options.onProgress, 'options.onProgress');
  const total = await measure(from, source, { files: 0, bytes: 0 }, options.signal);
  const copy = new Copy(from, to, options, total);
  await copy.tree(source, target);
  return { files: copy.files, bytes: copy.bytes };
}

module.exports = { copyTree };
