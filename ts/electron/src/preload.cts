// SPDX-License-Identifier: GPL-2.0
/*
 * preload.cts - connect the page to the main process
 *
 * This script runs in the sandbox, so it is a CommonJS module that loads no other files.  The page
 * gets functions only, and none of them opens a path that the page has made up (see bridge.d.ts).
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

import type { Desktop, DesktopImage } from './bridge.js' with { 'resolution-mode': 'import' };

const desktop: Desktop = {
  firstImage: () => ipcRenderer.invoke('first-image'),
  chooseImage: () => ipcRenderer.invoke('choose-image'),
  imageOfFile: async (file) => {
    const path = webUtils.getPathForFile(file);
    // "": the page has made the file itself.
    return path ? ipcRenderer.invoke('image-of-file', path) : null;
  },
  blockDevices: () => ipcRenderer.invoke('block-devices'),
  imageOfDevice: (path) => ipcRenderer.invoke('image-of-device', path),
  recentImages: () => ipcRenderer.invoke('recent-images'),
  imageOfRecent: (path) => ipcRenderer.invoke('image-of-recent', path),
  remember: (id) => ipcRenderer.invoke('remember', id),
  forget: () => ipcRenderer.invoke('forget'),
  connect: (id, request) => ipcRenderer.invoke('connect', id, request),
  allowWriting: (id, request) => ipcRenderer.invoke('allow-writing', id, request),
  onImage: (listener) => {
    ipcRenderer.on('image', (_event, image: DesktopImage) => listener(image));
  },
  onClosed: (listener) => {
    ipcRenderer.on('closed', (_event, request: number) => listener(request));
  },
};

// The context bridge cannot pass ports; a message to the same window can.
ipcRenderer.on('port', (event, request: number) => {
  window.postMessage({ anyfsPort: request }, '*', event.ports);
});
contextBridge.exposeInMainWorld('anyfsDesktop', desktop);
