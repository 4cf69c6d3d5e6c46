// SPDX-License-Identifier: GPL-2.0
/*
 * menu.ts - the menu of the application
 */
import { type MenuItemConstructorOptions, dialog } from 'electron';

import type { Windows } from './windows.js';

export function menuTemplate(windows: Windows, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const open = async () => {
    const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile'] });
    for (const path of filePaths)
      await windows.openPath(path);
  };
  const isMac = platform === 'darwin';
  const file: MenuItemConstructorOptions[] = [
    { label: '&New Window', accelerator: 'CmdOrCtrl+N', click: () => { windows.create(null); } },
    { label: '&Open Image…', accelerator: 'CmdOrCtrl+O', click: () => void open() },
    { type: 'separator' },
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
  // Other systems list recent documents elsewhere.
  if (isMac)
    file.splice(2, 0, { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] });
  const menus: MenuItemConstructorOptions[] = [
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    // There is no "Reload", because a reload would lose changes.
    { label: '&View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }] },
    { role: 'windowMenu' },
  ];

  return isMac ? [{ role: 'appMenu' }, ...menus] : menus;
}
