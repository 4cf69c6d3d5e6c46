// SPDX-License-Identifier: GPL-2.0
//
// read-ahead.js - the functions that a ReadStream calls, which read ahead
//
// While JavaScript handles some chunks, a thread of the disk reads the next ones, several in one
// call, because passing a call to another thread and its result back takes longer than reading a
// chunk.  Only a stream that opens its file itself reads ahead, since that moves the position of
// the descriptor.

'use strict';

const AHEAD = 512 * 1024;

/** A read that is in progress or done. */
class Part {
  #outcome = null;
  #then = null;
  taken = 0;

  constructor(fs, fd, length, position) {
    this.start = position;
    this.buffer = Buffer.allocUnsafeSlow(length);
    fs.read(fd, this.buffer, 0, length, position, (error, bytesRead) => {
      this.#outcome = [error, bytesRead];
      this.#then?.(error, bytesRead);
    });
  }

  /**
   * The file position of the first byte that the stream has not taken; undefined: where the last
   * read ended.
   */
  get position() {
    return this.start === undefined ? undefined : this.start + this.taken;
  }

  /** Call `done(error, bytesRead)`, never before this function returns. */
  wait(done) {
    if (this.#outcome)
      process.nextTick(done, ...this.#outcome);
    else
      this.#then = done;
  }
}

/** The object that replaces `fs` for a stream. */
function readAhead(fs) {
  let now = null;	// the Part from which chunks are taken
  let next = null;	// the Part with the bytes after it

  function read(fd, buffer, offset, length, position, callback) {
    if (!now || now.position !== position)
      now = new Part(fs, fd, length, position);
    const part = now;
    part.wait((error, bytesRead) => {
      if (error) {
        now = null;
        callback(error);
        return;
      }
      // A short read ends reading ahead, and so does a request for less than a chunk.
      if (!next && bytesRead === part.buffer.length && length <= AHEAD)
        next = new Part(fs, fd, AHEAD, part.start === undefined ? undefined : part.start + bytesRead);
      const count = Math.min(length, bytesRead - part.taken);
      const bytes = part.buffer.subarray(part.taken, part.taken + count);
      part.taken += count;
      if (part.taken === bytesRead) {
        now = next;
        next = null;
      }
      callback(null, count, bytes);
    });
  }

  /** Wait for the reads in progress before the descriptor is closed. */
  function close(fd, callback) {
    const parts = [now, next].filter(Boolean);
    const end = () => (parts.length ? parts.shift().wait(end) : fs.close(fd, callback));
    end();
  }

  return { open: fs.open, read, close };
}

module.exports = { readAhead };
