// SPDX-License-Identifier: GPL-2.0
/*
 * image-server.ts - serve one image of this computer to the page at the other end of a port
 */
import { FsError, Overlay, type Disk, type Source } from '@anyfs/core';
import { FormatSource, NodeFile, errno } from '@anyfs/core/node';
import { DiskServer, type FromWorker, type OpenRequest, type ToWorker } from '@anyfs/core/serve';
import { statSync } from 'node:fs';

import { isUsed } from './devices.js';
import type { OpenSource } from './kernels.js';

/** A MessagePortMain of Electron. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
}

export class ImageServer {
  private writing = false;
  private readonly server: DiskServer;
  /** stateOf() the image when it was opened, or last written here. */
  private before: string;

  /**
   * @param size of the file or device
   * @param openSource opens a disk with the kernel that is used here
   * @param ended called after the page has closed the image
   */
  constructor(private readonly path: string, private readonly size: number, private readonly port: Port,
    private readonly openSource: OpenSource, private readonly ended: () => void) {
    this.before = stateOf(path);
    this.server = new DiskServer((message) => this.send(message), (request) => this.open(request), ended);
    port.on('message', ({ data }) => this.server.receive(data as ToWorker));
    port.on('close', () => void this.close());
    port.start();
  }

  /** Nothing is transferred, because ports between processes copy buffers. */
  private send(message: FromWorker): void {
    this.port.postMessage(message);
    // The native kernel reports its death only as the error of a call: tell the page of it.
    if ('answer' in message && message.error?.kind === 'KernelDied')
      this.port.postMessage({ died: message.error } satisfies FromWorker);
  }

  /** The user has agreed that the image is written. */
  allowWriting(): void {
    this.writing = true;
  }

  async close(): Promise<void> {
    try {
      await this.server.close();
    } finally {
      this.ended();
    }
  }

  /** Ignore the image in the request: this process has only one image. */
  private async open({ options }: OpenRequest): Promise<Disk> {
    const { overlay, memory, format } = options as { overlay?: boolean; memory?: number; format?: string };
    const file = new NodeFile(this.path, false, this.size);

    try {
      const source = await FormatSource.open(file, format ?? null);
      return await this.openSource(overlay ? new Overlay(source) : source, {
        ...(memory === undefined ? {} : { memory }), target: () => this.target(),
      });
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Open the image for writing. */
  private async target(): Promise<Source> {
    if (!this.writing)
      throw new FsError(errno.EACCES, 'commit', this.path, 'the user has not allowed it');
    this.writing = false;
    if (stateOf(this.path) !== this.before)
      throw new FsError(errno.ESTALE, 'commit', this.path,
        'another program has changed the image; save the changes as a new image');
    if (statSync(this.path).isBlockDevice() && await isUsed(this.path))
      throw new FsError(errno.EBUSY, 'commit', this.path, 'the device, or a part of it, is in use: unmount it first');
    const file = new NodeFile(this.path, true, this.size);
    const { size, name } = file;
    return {
      size, name,
      read: (into, offset) => file.read(into, offset),
      write: (from, offset) => file.write!(from, offset),
      flush: () => file.flush(),
      close: () => {
        file.close();
        this.before = stateOf(this.path);
      },
    };
  }
}

/**
 * A text that changes when another program writes the file.  Writes to a device are not detected.
 */
function stateOf(path: string): string {
  const { dev, ino, rdev, size, mtimeNs } = statSync(path, { bigint: true });
  return rdev ? `device ${rdev}` : `${dev} ${ino} ${size} ${mtimeNs}`;
}
