// SPDX-License-Identifier: GPL-2.0
//
// core.js - the calls of one open image
//
// An operation is a generator.  It yields requests, arrays [nr, flags, ...arguments] of a
// system call, and receives the result: a number, or [errno, reason].  The same generator
// serves all forms of a function: runSync() performs requests at once, runAsync() lets the disk's
// threads perform them.

'use strict';

const { AsyncResource } = require('node:async_hooks');
const native = require('./native.js');
const { Answers } = require('./answers.js');
const { nodeError, diskError, asyncError, deathError } = require('./errors.js');

// A descriptor contains the disk's serial number and the kernel's number, so that
// descriptors of other disks and of node:fs are recognised.
const FD_BITS = 20;
const EBADF = -9;
const SERIALS = 2 ** (31 - FD_BITS) - 1;
let lastSerial = 0;

// Disks with calls in progress, which must not be garbage-collected.
const busy = new Set();

const failed = (result) => Array.isArray(result) || result < 0;

class Core {
  constructor(options) {
    this.path = options.path ?? 'kernel';
    this.serial = lastSerial = lastSerial % SERIALS + 1;
    this.pending = new Map();
    this.nextId = 0;
    this.waiting = 0;
    this.state = 'opening';
    this.onNote = null;
    this.held = null;	// requests that wait until the disk is thawed
    this.writes = options.writes;
    this.isolated = options.worker !== undefined;
    this.answers = new Answers(this, options);
    // A direct call runs on the JavaScript thread: until it ends, the kernel must not need an
    // answer of JavaScript.
    this.direct = !this.isolated && !this.answers.areNeeded;
    this.dispatch = makeDispatch(this);
    this.openId = this.expect(null);
    this.handle = native.open(options, this.openId, this.dispatch);
  }

  /**
   * Register `done`, the function that receives the result of a call; returns the number of the
   * call.
   */
  expect(done) {
    do
      this.nextId = this.nextId % 0xffffffff + 1;
    while (this.pending.has(this.nextId));
    this.pending.set(this.nextId, done);
    return this.nextId;
  }

  /** Keep the process and this object alive while calls are in progress. */
  hold() {
    if (this.waiting++ > 0)
      return;
    busy.add(this);
    native.hold(this.handle, true);
  }

  release() {
    if (--this.waiting > 0)
      return;
    busy.delete(this);
    native.hold(this.handle, false);
  }

  checkOpen() {
    if (this.state === 'open')
      return;
    throw nodeError(Error, 'ERR_DISK_CLOSED', `${this.path}: the disk is closed; open it again`);
  }

  /**
   * Start a request.  It stays referenced until it ends, and so does the memory that the call uses.
   */
  start(request, done) {
    const id = this.expect((result) => done(result, request));
    const { kind } = request;
    if (kind !== undefined)
      native.run(this.handle, id, kind, request[1], ...request.slice(2));
    else
      native.call(this.handle, id, ...request);
    return id;
  }

  /**
   * Block this thread until a call has ended; meanwhile the thread answers the kernel's questions.
   */
  wait(id) {
    const result = native.wait(this.handle, id, this.dispatch);
    if (result === undefined) {
      // The call continues, and its result is dropped.
      this.hold();
      throw asyncError(this.path);
    }
    this.pending.delete(id);
    return result;
  }

  sync(request) {
    this.checkOpen();
    if (this.held)
      throw nodeError(Error, 'ERR_DISK_FROZEN', `${this.path}: the disk is frozen, and a ` +
                      'synchronous call would wait forever; use disk.fs.promises');
    const { kind } = request;
    if (!this.direct) {
      if (this.answers.usePromises)
        throw asyncError(this.path);
      return this.checked(this.wait(this.start(request, () => {})));
    }
    if (kind !== undefined)
      return native.run(this.handle, 0, kind, request[1], ...request.slice(2));
    return native.call(this.handle, 0, ...request);
  }

  /** Like async(), but neither the process nor this object waits for the result. */
  startLoose(request, done) {
    const id = this.start(request, done);
    this.pending.get(id).isLoose = true;
  }

  async(request, done) {
    this.checkOpen();
    if (this.held && !request.passes)
      this.held.push([request, done]);
    else
      this.start(request, done);
    this.hold();
  }

  /** From now on until resumeOthers(), only requests that are marked with `passes` start. */
  holdOthers() {
    this.checkThawed();
    this.held = [];
  }

  checkThawed() {
    if (this.held)
      throw nodeError(Error, 'ERR_DISK_FROZEN', `${this.path}: the disk is frozen already`);
  }

  resumeOthers() {
    const { held } = this;
    this.held = null;
    for (const [request, done] of held) {
      if (this.state === 'open') {
        this.start(request, done);
      } else {
        this.release();
        done([EBADF, 'the disk was closed']);
      }
    }
  }

  /**
   * Add the reason to the result of a failed call if this process knows the reason and the kernel
   * does not.
   */
  checked(result) {
    if (this.direct || !failed(result))
      return result;
    const death = this.isolated ? native.death(this.handle) : undefined;
    if (death)
      throw deathError(death, this.path);
    return this.answers.explain(result);
  }

  opened(result) {
    if (!failed(result)) {
      this.state = 'open';
      return;
    }
    this.state = 'closed';
    const death = this.isolated ? native.death(this.handle) : undefined;
    if (death)
      throw deathError(death, this.path);
    throw diskError(...[this.answers.explain(result)].flat(), this.path);
  }

  open() {
    return new Promise((resolve, reject) => {
      this.hold();
      this.pending.set(this.openId, (result) => {
        try {
          resolve(this.opened(result));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  openSync() {
    this.opened(this.wait(this.openId));
  }

  closed(result) {
    this.state = 'closed';
    if (!failed(result))
      return;
    const death = this.isolated ? native.death(this.handle) : undefined;
    if (!death)
      throw diskError(...[this.answers.explain(result)].flat(), this.path);
    // No data is lost if the image is read-only.
    if (this.writes)
      throw deathError(death, this.path);
  }

  close() {
    if (this.state !== 'open')
      return this.closing ?? Promise.resolve();
    this.state = 'closing';
    this.closing = new Promise((resolve, reject) => {
      const id = this.expect((result) => {
        try {
          resolve(this.closed(result));
        } catch (error) {
          reject(error);
        }
      });
      this.hold();
      native.close(this.handle, id);
    }).finally(() => this.answers.close());
    return this.closing;
  }

  closeSync() {
    if (this.state !== 'open')
      return;
    if (this.answers.usePromises)
      throw asyncError(this.path);
    if (this.direct) {
      this.closed(native.close(this.handle, 0));
      return;
    }
    this.state = 'closing';
    const id = this.expect(() => { this.state = 'closed'; });
    native.close(this.handle, id);
    this.closed(this.wait(id));
    this.answers.close();
  }

  /** The descriptor that JavaScript sees. */
  fdOut(fd) {
    return this.serial * 2 ** FD_BITS + fd;
  }

  /** Get the kernel's descriptor; -1, which is never valid, if `fd` is not of this disk. */
  fdIn(fd) {
    return fd >>> FD_BITS === this.serial ? fd & (2 ** FD_BITS - 1) : -1;
  }
}

/**
 * The function that receives the results of calls by their numbers, questions of the kernel (id -1)
 * and notes (id 0).  It must not keep `core` alive.
 */
function makeDispatch(core) {
  const ref = new WeakRef(core);
  return (id, result) => {
    const self = ref.deref();
    if (!self)
      return undefined;
    if (id === -1)
      return self.answers.ask(result);
    if (id === 0) {
      if (typeof result === 'string')
        self.onNote?.(result);
      return undefined;
    }
    const done = self.pending.get(id);
    self.pending.delete(id);
    if (!done)
      return undefined;
    if (!done.isLoose)
      self.release();
    done(result);
    return undefined;
  };
}

function runSync(core, generator) {
  core.checkOpen();
  let step = generator.next();
  while (!step.done) {
    let result;
    if (typeof step.value?.then === 'function') {
      step = generator.throw(new TypeError('a synchronous function cannot wait for a promise'));
      continue;
    }
    try {
      result = core.sync(step.value);
    } catch (error) {
      step = generator.throw(error);
      continue;
    }
    step = generator.next(result);
  }
  return step.value;
}

/** Run the rest of an operation after its first step; done(error, value). */
function runAsync(core, generator, step, done) {
  const advance = (method, value) => {
    let next;
    try {
      next = method.call(generator, value);
    } catch (error) {
      done(error);
      return;
    }
    perform(next);
  };
  const perform = (current) => {
    if (current.done) {
      done(null, current.value);
      return;
    }
    if (typeof current.value?.then === 'function') {
      current.value.then((value) => advance(generator.next, value),
                         (error) => advance(generator.throw, error));
      return;
    }
    try {
      core.async(current.value, (result) => {
        let value;
        try {
          value = core.checked(result);
        } catch (error) {
          advance(generator.throw, error);
          return;
        }
        advance(generator.next, value);
      });
    } catch (error) {
      advance(generator.throw, error);
    }
  };
  perform(step);
}

function runPromise(core, generator) {
  return new Promise((resolve, reject) => {
    core.checkOpen();
    runAsync(core, generator, generator.next(),
             (error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** Misuse throws at once; other errors and the result go to `callback` later. */
function runCallback(core, generator, callback) {
  const { isMisuse } = require('./errors.js');
  let step;
  let later = false;
  core.checkOpen();
  // AsyncResource.bind() defines properties of a new function each time, which is slow.
  const resource = new AsyncResource('ANYFSREQUEST');
  const done = (error, value) => {
    if (later)
      resource.runInAsyncScope(callback, undefined, error, value);
    else
      process.nextTick(callback, error, value);
  };
  try {
    step = generator.next();
  } catch (error) {
    if (isMisuse(error))
      throw error;
    done(error);
    return;
  }
  runAsync(core, generator, step, done);
  later = true;
}

module.exports = { Core, runSync, runAsync, runPromise, runCallback };
