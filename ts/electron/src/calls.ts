// SPDX-License-Identifier: GPL-2.0
/*
 * calls.ts - the calls of the page (bridge.d.ts) in the main process
 *
 * Only calls from the main frame of the program's own page are answered.  A path from the page is
 * accepted only if it is in a list of this process, or if the preload script has got it from a
 * File.
 */
import { BrowserWindow, type IpcMainInvokeEvent, dialog, ipcMain } from 'electron';

import { listDevices } from './devices.js';
import type { Images } from './images.js';
import { isOwn } from './pages.js';
import type { RecentImages } from './recent.js';
import type { Windows } from './windows.js';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;

export class Calls {
  constructor(private readonly windows: Windows, private readonly images: Images,
    private readonly recent: RecentImages) {}

  register(): void {
    const { images, recent } = this;

    this.handle('first-image', ({ sender }) => this.windows.takeFirst(sender));
    this.handle('choose-image', (event) => this.choose(event));
    this.handle('image-of-file', (_event, path) => images.grant(checkText(path)));
    this.handle('block-devices', () => listDevices());
    this.handle('image-of-device', async (_event, path) => {
      const { devices } = await listDevices();
      return images.grant(findListed(path, devices));
    });
    this.handle('recent-images', () => recent.list());
    this.handle('image-of-recent', async (_event, path) => images.grant(findListed(path, await recent.list())));
    this.handle('remember', (_event, id) => recent.add(images.get(id).path));
    this.handle('forget', () => recent.clear());
    this.handle('connect', ({ sender }, id, request) => images.connect(sender, id, request));
    this.handle('allow-writing', (event, id, request) => this.allowWriting(event, id, request));
  }

  private handle(channel: string, handler: Handler): void {
    ipcMain.handle(channel, (event, ...args: unknown[]) => {
      const frame = event.senderFrame;
      if (!frame || frame.parent || !isOwn(frame.url))
        throw new Error('this page is not allowed to use the program');
      return handler(event, ...args);
    });
  }

  private async choose({ sender }: IpcMainInvokeEvent) {
    const { filePaths } = await dialog.showOpenDialog(windowOf(sender), {
      title: 'Open a Disk Image', properties: ['openFile', 'dontAddToRecent'],
    });
    return filePaths[0] === undefined ? null : this.images.grant(filePaths[0]);
  }

  private async allowWriting({ sender }: IpcMainInvokeEvent, id: unknown, request: unknown): Promise<boolean> {
    const { path } = this.images.imageOf(sender.id, id, request);
    const { response } = await dialog.showMessageBox(windowOf(sender), {
      type: 'warning', buttons: ['Cancel', 'Write'], defaultId: 0, cancelId: 0, noLink: true,
      message: 'Write the changes to this image?',
      detail: `${path}\n\nThe old state is lost. If the writing is interrupted, the image has only a part of the changes.`,
    });

    if (response === 1)
      this.images.allowWriting(sender.id, request);
    return response === 1;
  }
}

function windowOf(sender: Electron.WebContents): BrowserWindow {
  const window = BrowserWindow.fromWebContents(sender);

  if (!window)
    throw new Error('the window has been closed');
  return window;
}

function checkText(value: unknown): string {
  if (typeof value !== 'string')
    throw new TypeError('the path is not a text');
  return value;
}

function findListed(path: unknown, list: readonly { path: string }[]): string {
  const found = list.find((one) => one.path === path);

  if (!found)
    throw new Error('this path was not listed');
  return found.path;
}
