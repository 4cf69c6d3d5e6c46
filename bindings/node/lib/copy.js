// SPDX-License-Identifier: GPL-2.0
//
// copy.js - copy a tree between the image and the host, with progress

'use strict';

const check = require('./validate.js');
const { abortError, nodeError } = require('./errors.js');

const PART = 1 << 20;
const HOLE = 1 << 16;
const ZEROS = Buffer.alloc(HOLE);

async function writeAll(output, part, position) {
  for (let done = 0; done < part.length;)
    done += (await output.write(part, done, part.length - done, position + done)).bytesWritten;
}

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
  constructor(from, to, options, total) {
    Object.assign(this, { from, to, total, files: 0, bytes: 0, withoutXattrs: 0 });
    Object.assign(this, { onProgress: options.onProgress, signal: options.signal, owners: options.owners });
    this.links = new Map();             // inode -> path of the copy, for files with several names
  }

  report(path) {
    if (this.signal?.aborted)
      throw abortError(this.signal);
    this.onProgress?.({ path, files: this.files, bytes: this.bytes,
                        totalFiles: this.total.files, totalBytes: this.total.bytes });
  }

  /** A change of owner clears the set-ID bits, so the mode follows. */
  async attributes(target, found) {
    if (this.owners)
      await this.to.promises.lchown(target, found.uid, found.gid);
    if (!found.isSymbolicLink())
      await this.to.promises.chmod(target, found.mode & (this.owners ? 0o7777 : 0o1777));
    await this.to.promises.lutimes(target, found.atimeMs / 1000, found.mtimeMs / 1000);
  }

  /** Create new files: existing files are not overwritten, and existing links not followed. */
  async file(source, target, found) {
    const input = await this.from.promises.open(source, 'r');
    try {
      const output = await this.to.promises.open(target, 'wx', 0o600);
      try {
        await this.content(source, input, output, found.blocks * 512 < found.size);
      } finally {
        await output.close();
      }
    } finally {
      await input.close();
    }
  }

  /** If the source has holes, parts that consist of zeros become holes. */
  async content(source, input, output, hasHoles) {
    const buffer = Buffer.allocUnsafe(PART);
    let size = 0;
    for (;;) {
      const { bytesRead } = await input.read(buffer, 0, buffer.length, size);
      if (bytesRead === 0)
        break;
      const step = hasHoles ? HOLE : bytesRead;
      for (let at = 0; at < bytesRead; at += step) {
        const part = buffer.subarray(at, Math.min(at + step, bytesRead));
        if (!hasHoles || !ZEROS.subarray(0, part.length).equals(part))
          await writeAll(output, part, size + at);
      }
      size += bytesRead;
      this.bytes += bytesRead;
      this.report(source);
    }
    if (hasHoles)
      await output.truncate(size);
  }

  async directory(source, target) {
    await this.to.promises.mkdir(target, { mode: 0o700 });
    for (const name of await this.from.promises.readdir(source))
      await this.tree(`${source}/${name}`, `${target}/${name}`);
  }

  /**
   * If another name of the file was already copied, make a hard link to that copy; else return
   * false.
   */
  async isLinked(found, target) {
    if (found.isDirectory() || found.nlink < 2)
      return false;
    const key = `${found.dev}:${found.ino}`;
    const first = this.links.get(key);
    if (first === undefined)
      this.links.set(key, target);
    else
      await this.to.promises.link(first, target);
    return first !== undefined;
  }

  async make(source, target, found) {
    if (found.isDirectory())
      await this.directory(source, target);
    else if (found.isSymbolicLink())
      await this.to.promises.symlink(await this.from.promises.readlink(source), target);
    else if (found.isFile())
      await this.file(source, target, found);
    else
      throw nodeError(Error, 'ERR_FS_CP_UNKNOWN',
                      `${source}: not a file, directory or symbolic link; copy it with toTar()`);
    await this.attributes(target, found);
    if ((await this.from.promises.llistxattr?.(source))?.length)
      this.withoutXattrs++;
  }

  async tree(source, target) {
    this.report(source);
    const found = await this.from.promises.lstat(source);
    if (await this.isLinked(found, target))
      this.bytes += found.isFile() ? found.size : 0;
    else
      await this.make(source, target, found);
    this.files++;
    this.report(source);
  }
}

/**
 * Copy `source` to `target`, which must not exist.  `ownersByDefault`: keep owners if the options
 * do not say.  Returns the numbers of files, of bytes, and of files whose attributes were left out.
 */
async function copyTree(from, source, to, target, options = {}, ownersByDefault = true) {
  source = String(check.path(source, 'source'));
  target = String(check.path(target, 'target'));
  check.object(options);
  if (options.onProgress !== undefined)
    check.callback(options.onProgress, 'options.onProgress');
  const owners = check.boolean(options.owners ?? ownersByDefault, 'options.owners');
  const total = await measure(from, source, { files: 0, bytes: 0 }, options.signal);
  const copy = new Copy(from, to, { ...options, owners }, total);
  await copy.tree(source, target);
  return { files: copy.files, bytes: copy.bytes, withoutXattrs: copy.withoutXattrs };
}

module.exports = { copyTree };
