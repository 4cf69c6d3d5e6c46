// SPDX-License-Identifier: GPL-2.0
/*
 * channel.ts - a MessagePort as the channel to a DiskServer (serve.ts), instead of a worker
 */
import type { FromWorker, ToWorker } from './messages.js';

/** The members of Worker that a RemoteDisk needs. */
export interface Channel {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  /** Called when the other end has closed its port or its process has ended. */
  onerror: ((event: { message?: string }) => void) | null;
  terminate(): void;
}

export function isPort(worker: unknown): worker is MessagePort {
  return typeof MessagePort === 'function' && worker instanceof MessagePort;
}

export class PortChannel implements Channel {
  onmessage: Channel['onmessage'] = null;
  onerror: Channel['onerror'] = null;

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<FromWorker>) => this.onmessage?.(event);
    // TypeScript does not declare the event "close"; browsers have it since 2024.
    port.addEventListener('close' as 'message', () =>
      this.onerror?.({ message: 'the other end has closed its port' }));
  }

  /** Buffers are copied: ports between processes cannot transfer them. */
  postMessage(message: ToWorker): void {
    this.port.postMessage(message);
  }

  /** Send "leave" first: not every browser reports to the other end that a port was closed. */
  terminate(): void {
    this.postMessage({ id: 0, call: 'leave' });
    this.port.close();
  }
}
