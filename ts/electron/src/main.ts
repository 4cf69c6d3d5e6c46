// SPDX-License-Identifier: GPL-2.0
/*
 * main.ts - the main process: one program for all windows; it opens the images that the system
 * asks for
 */
import { BrowserWindow, Menu, app, protocol } from 'electron';
import { resolve } from 'node:path';

import { Calls } from './calls.js';
import { Images } from './images.js';
import { menuTemplate } from './menu.js';
import { SCHEME, serveFiles } from './pages.js';
import { RecentImages } from './recent.js';
import { Windows } from './windows.js';

export interface Places {
  /** Directory with the built page. */
  web: string;
  preload: string;
  /** The program of the process that opens an image. */
  utility: string;
}

export function start(places: Places): void {
  // Another instance is running: Electron passes our arguments to it ("second-instance").
  if (!app.requestSingleInstanceLock())
    return app.quit();
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([{
    scheme: SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, allowServiceWorkers: true },
  }]);
  const recent = new RecentImages(app.getPath('userData'));
  const images = new Images(places.utility, app.commandLine.getSwitchValue('kernel'));
  const windows = new Windows(places.preload, images);
  const early: string[] = pathsIn(process.argv, process.cwd());
  const openPath = (path: string) => {
    if (app.isReady())
      void windows.openPath(path);
    else
      early.push(path);
  };

  app.on('open-file', (event, path) => {
    event.preventDefault();
    openPath(path);
  });
  app.on('second-instance', (_event, argv, directory) => {
    const paths = pathsIn(argv, directory);
    paths.forEach(openPath);
    if (!paths.length)
      windows.show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin')
      app.quit();
  });
  app.on('activate', () => {
    if (!BrowserWindow.getAllWindows().length)
      windows.show();
  });
  void app.whenReady().then(async () => {
    serveFiles(places.web);
    new Calls(windows, images, recent).register();
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(windows, process.platform)));
    for (const path of early)
      await windows.openPath(path);
    if (!early.length)
      windows.show();
  });
}

/** Files named by the arguments; Chromium's own arguments begin with "-". */
function pathsIn(argv: readonly string[], directory: string): string[] {
  // Unpackaged, the second argument is the program's directory.
  return argv.slice(app.isPackaged ? 1 : 2).filter((text) => !text.startsWith('-'))
    .map((text) => resolve(directory, text));
}
