// SPDX-License-Identifier: GPL-2.0
//
// watch.js - fs.watch() by the kernel's inotify, and fs.watchFile()
//
// Each watcher has an inotify descriptor of its own, from which a thread of the disk reads.
// Removing the first watch of the descriptor ends that read, because the kernel reports the
// removal.

'use strict';

const { EventEmitter } = require('node:events');
const native = require('./native.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const stats = require('./stats.js');
const { runSync, runPromise } = require('./core.js');
const { systemError, abortError, argType } = require('./errors.js');

const { nr, JOB_WAITS, JOB_OPENS } = native;
const CLOEXEC = 0x80000;
const IN_MODIFY = 2;
const IN_ATTRIB = 4;
const IN_CREATE = 0x100;
const IN_IGNORED = 0x8000;
const IN_Q_OVERFLOW = 0x4000;
const IN_ISDIR = 0x40000000;
// The events that libuv watches: MODIFY, ATTRIB, MOVED_FROM, MOVED_TO, CREATE, DELETE,
// DELETE_SELF, MOVE_SELF.
const MASK = 0xfc6;

const join = (path, name) => (path.endsWith('/') ? path + name : `${path}/${name}`);

/** The events [watch, mask, name] in the bytes that read() has stored. */
function eventsOf(buffer, length) {
  const out = [];
  for (let at = 0; at + 16 <= length;) {
    const size = buffer.readUInt32LE(at + 12);
    const name = buffer.subarray(at + 16, Math.min(at + 16 + size, length));
    const end = name.indexOf(0);
    out.push([buffer.readInt32LE(at), buffer.readUInt32LE(at + 4),
              name.subarray(0, end < 0 ? name.length : end)]);
    at += 16 + size;
  }
  return out;
}

class FSWatcher extends EventEmitter {
  #core;
  #path;
  #options;
  #fd = -1;
  #first = -1;
  #paths = new Map();	// watch -> path relative to the first, with a slash at its end
  #held = false;
  #ended = false;

  constructor(core, path, options) {
    super();
    this.#core = core;
    this.#path = path;
    this.#options = options;
    try {
      this.#fd = calls.ok(core.sync([nr.inotify_init1, JOB_OPENS, CLOEXEC]), 'watch', path);
      this.#first = this.#add('');
    } catch (error) {
      this.#closeFd();
      error.filename = path;
      throw error;
    }
    if (options.persistent)
      this.ref();
    this.#read();
  }

  /** Watch the path `relative` to the first path and, if recursive, its subdirectories. */
  #add(relative) {
    const path = relative ? join(this.#path, relative) : this.#path;
    const request = [nr.inotify_add_watch, 1 << 1, this.#fd, path, MASK];
    const watch = calls.ok(this.#core.sync(request), 'watch', path);
    this.#paths.set(watch, relative);
    if (this.#options.recursive)
      this.#addBelow(path, relative);
    return watch;
  }

  #addBelow(path, relative) {
    const { readdir } = require('./trees.js');
    let entries;
    try {
      entries = runSync(this.#core, readdir(this.#core, path, { withFileTypes: true }));
    } catch (error) {
      if (relative === '' && error.code !== 'ENOTDIR')
        throw error;
      return;	// a file, or a directory that has been removed
    }
    for (const entry of entries)
      if (entry.isDirectory())
        this.#tryAdd(relative + entry.name);
  }

  /** Watch a subdirectory; it may have been removed already. */
  #tryAdd(relative) {
    try {
      this.#add(`${relative}/`);
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
        this.emit('error', error);
    }
  }

  #read() {
    const buffer = Buffer.allocUnsafe(65536);
    const request = [nr.read, JOB_WAITS, this.#fd, buffer, buffer.length, this.#first];
    this.#core.startLoose(request, (result) => this.#take(buffer, result));
  }

  #take(buffer, result) {
    const lost = this.#core.state !== 'open' || calls.failed(result);
    const events = lost ? [] : eventsOf(buffer, result);
    const ended = lost || events.some(([watch, mask]) => watch === this.#first && mask & IN_IGNORED);
    for (const event of events)
      this.#report(event);
    if (!ended) {
      this.#read();
      return;
    }
    if (!this.#ended && lost && this.#core.state === 'open')
      this.emit('error', systemError(result, 'watch', this.#path));
    this.#end();
  }

  #report([watch, mask, name]) {
    if (mask & IN_IGNORED)
      this.#paths.delete(watch);
    if (mask & (IN_IGNORED | IN_Q_OVERFLOW) || this.#ended)
      return;
    const relative = this.#paths.get(watch) ?? '';
    const text = name.length ? relative + name : relative.slice(0, -1) || this.#path.replace(/.*\//, '');
    if (mask & IN_CREATE && mask & IN_ISDIR && this.#options.recursive)
      this.#tryAdd(relative + name);
    const { encoding } = this.#options;
    const shown = encoding === 'buffer' ? Buffer.from(text) :
      encoding && encoding !== 'utf8' ? Buffer.from(text).toString(encoding) : text;
    this.emit('change', mask & ~(IN_ATTRIB | IN_MODIFY | IN_ISDIR) ? 'rename' : 'change', shown);
  }

  #closeFd() {
    if (this.#fd < 0 || this.#core.state !== 'open')
      return;
    this.#core.sync([nr.close, native.JOB_CLOSES, this.#fd]);
    this.#fd = -1;
  }

  #end() {
    this.#closeFd();
    this.unref();
    if (this.#ended)
      return;
    this.#ended = true;
    process.nextTick(() => this.emit('close'));
  }

  close() {
    if (this.#ended)
      return;
    this.#ended = true;
    this.unref();
    if (this.#core.state === 'open')
      this.#core.sync([nr.inotify_rm_watch, 0, this.#fd, this.#first]);
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    if (!this.#held && !this.#ended) {
      this.#core.hold();
      this.#held = true;
    }
    return this;
  }

  unref() {
    if (this.#held)
      this.#core.release();
    this.#held = false;
    return this;
  }
}

function watchOptions(options) {
  options = check.options(options, {});
  const { persistent = true, recursive = false, encoding = 'utf8', signal } = options;
  check.boolean(persistent, 'options.persistent');
  check.boolean(recursive, 'options.recursive');
  return { persistent, recursive, encoding, signal };
}

/** fs.watch(path[, options][, listener]) */
function watch(core, path, options, listener) {
  if (typeof options === 'function')
    [options, listener] = [undefined, options];
  if (listener !== undefined)
    check.callback(listener, 'listener');
  path = String(check.path(path, 'filename'));
  options = watchOptions(options);
  const watcher = new FSWatcher(core, path, options);
  if (listener)
    watcher.on('change', listener);
  if (options.signal?.aborted)
    process.nextTick(() => watcher.close());
  else
    options.signal?.addEventListener('abort', () => watcher.close(), { once: true });
  return watcher;
}

/** fs.promises.watch(): an iterator that ends with an AbortError. */
async function* watchEvents(core, path, options) {
  path = String(check.path(path, 'filename'));
  options = watchOptions(options);
  const { signal } = options;
  if (signal?.aborted)
    throw abortError(signal);
  core.checkOpen();
  const watcher = new FSWatcher(core, path, options);
  const events = [];
  let wake = () => {};
  let failure;
  let closed = false;
  watcher.on('change', (eventType, filename) => { events.push({ eventType, filename }); wake(); });
  watcher.on('error', (error) => { failure = error; wake(); });
  watcher.on('close', () => { closed = true; wake(); });
  const abort = () => { failure = abortError(signal); wake(); };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      while (events.length)
        yield events.shift();
      if (failure)
        throw failure;
      if (closed)
        return;
      await new Promise((resolve) => { wake = resolve; });
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    watcher.close();
  }
}

// ---- watchFile ----

class StatWatcher extends EventEmitter {
  #core;
  #path;
  #bigint;
  #timer;
  #last = null;
  #busy = false;

  constructor(core, path, { interval, persistent, bigint }) {
    super();
    this.#core = core;
    this.#path = path;
    this.#bigint = bigint;
    this.#timer = setInterval(() => this.#poll(), interval);
    if (!persistent)
      this.#timer.unref();
    this.#poll();
  }

  async #poll() {
    if (this.#busy || !this.#timer)
      return;
    this.#busy = true;
    let found;
    try {
      found = await runPromise(this.#core, calls.stat(this.#core, this.#path, { bigint: this.#bigint }));
    } catch (error) {
      if (!error.errno) {
        this.stop();	// the disk is closed
        return;
      }
      found = stats.statsOf(Buffer.alloc(stats.STATX_SIZE), this.#bigint);
    } finally {
      this.#busy = false;
    }
    const last = this.#last;
    this.#last = found;
    const missing = !Number(found.nlink);
    const changed = last ? ['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'size', 'mtimeMs', 'ctimeMs',
      'birthtimeMs'].some((name) => last[name] !== found[name]) : missing;
    if (changed && this.#timer)
      this.emit('change', found, last ?? found);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.emit('stop');
  }

  ref() {
    this.#timer?.ref();
    return this;
  }

  unref() {
    this.#timer?.unref();
    return this;
  }
}

/** watchFile() and unwatchFile(), which share the watchers of a disk by path. */
function makeWatchFile(core) {
  const watchers = new Map();
  const watchFile = (path, options, listener) => {
    path = String(check.path(path, 'filename'));
    if (typeof options === 'function')
      [options, listener] = [{}, options];
    check.callback(listener, 'listener');
    core.checkOpen();
    const { interval = 5007, persistent = true, bigint = false } = options ?? {};
    let watcher = watchers.get(path);
    if (!watcher) {
      watcher = new StatWatcher(core, path, { interval, persistent, bigint });
      watchers.set(path, watcher);
      watcher.once('stop', () => watchers.delete(path));
    }
    watcher.on('change', listener);
    return watcher;
  };
  const unwatchFile = (path, listener) => {
    const watcher = watchers.get(String(check.path(path, 'filename')));
    if (!watcher)
      return;
    if (listener === undefined)
      watcher.removeAllListeners('change');
    else if (typeof listener === 'function')
      watcher.off('change', listener);
    else
      throw argType('listener', 'of type function', listener);
    if (watcher.listenerCount('change') === 0)
      watcher.stop();
  };
  return { watchFile, unwatchFile };
}

module.exports = { FSWatcher, watch, watchEvents, makeWatchFile };
