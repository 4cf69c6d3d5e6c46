// SPDX-License-Identifier: GPL-2.0
//
// freeze.js - freeze the file systems of a disk, so that its bytes can be copied
//
// A frozen file system has written everything, and its journal is empty.  A call that writes to a
// frozen file system would block one of the disk's few threads, and the call that thaws it might
// find no free thread.  So all other calls of the disk wait in JavaScript.

'use strict';

const native = require('./native.js');
const { runPromise } = require('./core.js');
const { ok, failed } = require('./calls.js');

const { nr, JOB_OPENS, JOB_CLOSES } = native;
const PATH = 1 << 1;
const AT_FDCWD = -100;
const O_DIRECTORY_CLOEXEC = 0x90000;
const FSPICK_CLOEXEC = 1;
const FSCONFIG_SET_FLAG = 0;
const FSCONFIG_CMD_RECONFIGURE = 7;
const FIFREEZE = 0xc0045877;
const FITHAW = 0xc0045878;

/** Paths of the file systems below a node of Disk.tree(). */
function fileSystems({ kind, state, path, children }) {
  return [...(kind === 'filesystem' && state === 'open' ? [path] : []),
          ...children.flatMap(fileSystems)];
}

/** A request that is made even while the other calls of the disk wait. */
const whileFrozen = (request) => Object.assign(request, { passes: true });

/**
 * Make the file system read-only or, with the flag 'rw', writable again.  When it becomes read-only
 * it marks itself as unmounted, which freezing does not do on FAT, exFAT and NTFS.  The flags of
 * the mount stay.  EBUSY: a file is open for writing.
 */
function* reconfigure(path, flag) {
  const fd = ok(yield whileFrozen([nr.fspick, JOB_OPENS | PATH, AT_FDCWD, path, FSPICK_CLOEXEC]),
                'frozen', path);
  yield whileFrozen([nr.fsconfig, 0, fd, FSCONFIG_SET_FLAG, flag, 0, 0]);
  const result = yield whileFrozen([nr.fsconfig, 0, fd, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0]);
  yield whileFrozen([nr.close, JOB_CLOSES, fd]);
  return result;
}

/** File systems that cannot be frozen refuse the request; sync() has written their data. */
function* callIoctl(path, command) {
  const fd = ok(yield whileFrozen([nr.openat, JOB_OPENS | PATH, AT_FDCWD, path, O_DIRECTORY_CLOEXEC, 0]),
                'frozen', path);
  yield whileFrozen([nr.ioctl, 0, fd, command, 0]);
  yield whileFrozen([nr.close, JOB_CLOSES, fd]);
}

/** Stop writes to the file system; returns a generator function that allows them again. */
function* freeze(path) {
  if (!failed(yield* reconfigure(path, 'ro')))
    return function*() { ok(yield* reconfigure(path, 'rw'), 'frozen', path); };
  yield* callIoctl(path, FIFREEZE);
  return () => callIoctl(path, FITHAW);
}

function* sync() {
  ok(yield whileFrozen([nr.sync, 0]), 'frozen');
}

/** Call `body` while all file systems of the disk are frozen. */
async function frozen(core, tree, body) {
  core.checkThawed();
  const paths = core.writes ? fileSystems(await tree()) : [];
  const done = [];
  const run = (generator) => runPromise(core, generator);
  core.holdOthers();
  try {
    if (core.writes)
      await run(sync());
    try {
      for (const path of paths)
        done.push(await run(freeze(path)));
      return await body();
    } finally {
      for (const undo of done)
        await run(undo());
    }
  } finally {
    core.resumeOthers();
  }
}

module.exports = { frozen };
