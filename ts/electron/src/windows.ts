// SPDX-License-Identifier: GPL-2.0
/*
 * windows.ts - windows, each with the page and at most one image that was opened from outside
 */
import { BrowserWindow, type WebContents, dialog } from 'electron';
import { basename } from 'node:path';

import type { DesktopImage } from './bridge.js';
import type { Images } from './images.js';
import { ORIGIN, isOwn } from './pages.js';

/** Permissions that the page needs: to save files, and to copy text. */
const ALLOWED = new Set(['fileSystem', 'clipboard-sanitized-write']);

export class Windows {
  /** Images of windows whose page has not asked for them yet. */
  private readonly first = new Map<number, DesktopImage>();

  constructor(private readonly preload: string, private readonly images: Images) {}

  /** Open @path in a window that has no image, or in a new one. */
  async openPath(path: string): Promise<void> {
    let image: DesktopImage;

    try {
      image = await this.images.grant(path);
    } catch (error) {
      dialog.showErrorBox(`${basename(path)} cannot be opened`, (error as Error).message);
      return;
    }
    const free = BrowserWindow.getAllWindows().find(({ webContents }) =>
      !this.first.has(webContents.id) && !this.images.inUse(webContents.id));
    if (free) {
      free.webContents.send('image', image);
      bringToFront(free);
    } else {
      this.create(image);
    }
  }

  /** The image that a new window shows; null: none. */
  takeFirst(contents: WebContents): DesktopImage | null {
    const image = this.first.get(contents.id) ?? null;

    this.first.delete(contents.id);
    return image;
  }

  /** Show the window that was used last, or a new one. */
  show(): void {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];

    if (window)
      bringToFront(window);
    else
      this.create(null);
  }

  create(image: DesktopImage | null): BrowserWindow {
    const window = new BrowserWindow({
      width: 1200, height: 800, show: false, title: 'anyfs',
      webPreferences: {
        preload: this.preload, contextIsolation: true, sandbox: true, nodeIntegration: false,
        nodeIntegrationInSubFrames: false, webviewTag: false, webSecurity: true, spellcheck: false,
      },
    });
    const { webContents } = window;
    const { id } = webContents;

    if (image)
      this.first.set(id, image);
    forbidNavigation(webContents);
    askBeforeClosing(window);
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      this.first.delete(id);
      this.images.closeAll(id);
    });
    void window.loadURL(`${ORIGIN}/`);
    return window;
  }
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized())
    window.restore();
  window.focus();
}

/** Prevent the page from loading other pages, opening windows and getting other permissions. */
function forbidNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwn(event.url))
      event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    // Allow frames with content of the page itself, which previews and downloads use.
    if (!isOwn(event.url) && !(event.url.startsWith('blob:') && !event.isMainFrame))
      event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.session.setPermissionRequestHandler((_contents, permission, done) => done(ALLOWED.has(permission)));
  contents.session.setPermissionCheckHandler((_contents, permission) => ALLOWED.has(permission));
}

/** The page prevents its unloading while changes are not saved. */
function askBeforeClosing(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'warning', buttons: ['Keep Open', 'Close and Lose Changes'], defaultId: 0, cancelId: 0, noLink: true,
      message: 'Close without saving?',
      detail: 'The image has changes that are not saved. They are lost when the window is closed.',
    });
    // preventDefault() closes the window although the page asked to stay open.
    if (answer === 1)
      event.preventDefault();
  });
}
