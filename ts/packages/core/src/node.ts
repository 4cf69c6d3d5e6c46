// SPDX-License-Identifier: GPL-2.0
/*
 * node.ts - the subpath @anyfs/core/node: sessions for files of the host, and classes for
 * programs that serve a disk with another kernel
 */
import { NodeWasmSession, type SessionOpts } from './session.js';

export { errno } from './errno.js';
export { changedImage, commitChanges, wholeImage } from './exporting.js';
export { FormatSource } from './formats.js';
export { NodeFile } from './node-file.js';

const sessions = new Set<NodeWasmSession>();

/**
 * Open the image file @hostPath in a session, and enter its first file system.
 *
 * @param factory makes the session; by default a NodeWasmSession
 */
export async function mountNodeFile(hostPath: string,
  factory: (opts: SessionOpts) => NodeWasmSession = (opts) => new NodeWasmSession(opts),
  opts: SessionOpts = {}) {
  const session = factory(opts);

  sessions.add(session);
  await session.attachPath(hostPath);
  const first = (await session.listParts()).find(({ fstype }) => fstype);
  return { session, mountPath: first ? await session.enter(first.slot_id) : null };
}

/** Close all sessions of mountNodeFile(). */
export async function haltKernel(): Promise<void> {
  const open = [...sessions];

  sessions.clear();
  await Promise.all(open.map((session) => session.close()));
}
