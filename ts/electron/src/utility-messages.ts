// SPDX-License-Identifier: GPL-2.0
/*
 * utility-messages.ts - messages from the main process to a process that opens an image
 */
export type ToUtility =
  /** The port to the page is sent with this message. */
  | { kind: 'open'; path: string; size: number }
  | { kind: 'allow-writing' }
  | { kind: 'close' };
