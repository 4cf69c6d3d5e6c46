// SPDX-License-Identifier: GPL-2.0
/*
 * desktop.ts - the bridge to the desktop program (ts/electron), if the page runs in it
 *
 * The first screen needs this file, so the file does not load @anyfs/core.
 */
import type { Desktop } from '@anyfs/electron/bridge';

export type { BlockDevices, DesktopImage } from '@anyfs/electron/bridge';

/** null: the page is in a browser. */
export const desktop = (window as { anyfsDesktop?: Desktop }).anyfsDesktop ?? null;
