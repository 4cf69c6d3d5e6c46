// SPDX-License-Identifier: GPL-2.0
/*
 * protocol.ts - messages between the service worker and a page that serves files
 */

/** From the service worker: a request for "served/TOKEN/NUMBER/NAME". */
export interface ServedRequest {
  serve: string;
  /** The header field Range. */
  range: string | null;
  /** The port for the head of the answer and, if it has a body, for its parts. */
  port: MessagePort;
}

export interface ServedHead {
  status: number;
  headers: Record<string, string>;
  body: boolean;
}
