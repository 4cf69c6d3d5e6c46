// SPDX-License-Identifier: GPL-2.0
/*
 * electron-main.mjs IMAGE OTHER - the main program and the preload script with a fake electron
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

import { app, fake, preload, startProgram, until } from './electron/program.mjs';

const [image, other] = process.argv.slice(2).map((path) => resolve(path));
fake.paths.userData = mkdtempSync(`${process.cwd()}/data-`);

// ---- started with a file ----

await startProgram([image]);
await until(() => fake.windows.length);
assert.equal(fake.of('enableSandbox').length, 1);
assert.deepEqual(fake.of('registerSchemesAsPrivileged')[0][0].map(({ scheme, privileges }) =>
  [scheme, privileges.standard, privileges.secure, privileges.bypassCSP]), [['anyfs', true, true, undefined]]);
const [window] = fake.windows;
const { webContents } = window;
const { webPreferences } = window.options;
assert.deepEqual([webPreferences.contextIsolation, webPreferences.sandbox, webPreferences.nodeIntegration,
  webPreferences.nodeIntegrationInSubFrames, webPreferences.webviewTag, webPreferences.webSecurity],
[true, true, false, false, false, true]);
assert.equal(webContents.mainFrame.url, 'anyfs://app/');
const desktop = preload(window);
const first = await desktop.firstImage();
assert.deepEqual([first.path, first.name, first.size], [image, basename(image), readFileSync(image).length]);
assert.equal(await desktop.firstImage(), null);

// ---- the page is confined ----

const prevented = (event, details) => {
  let stopped = false;
  webContents.emit(event, { ...details, preventDefault: () => { stopped = true; } });
  return stopped;
};
assert.equal(prevented('will-navigate', { url: 'https://example.org/' }), true);
assert.equal(prevented('will-navigate', { url: 'anyfs://app.example.org/' }), true);
assert.equal(prevented('will-navigate', { url: 'file:///etc/passwd' }), true);
assert.equal(prevented('will-navigate', { url: 'anyfs://app/' }), false);
assert.equal(prevented('will-frame-navigate', { url: 'blob:anyfs://app/1', isMainFrame: true }), true);
assert.equal(prevented('will-frame-navigate', { url: 'blob:anyfs://app/1', isMainFrame: false }), false);
assert.equal(prevented('will-frame-navigate', { url: 'https://example.org/', isMainFrame: false }), true);
assert.equal(prevented('will-attach-webview', {}), true);
assert.deepEqual(webContents.windowOpen({ url: 'https://example.org/' }), { action: 'deny' });
for (const [permission, allowed] of [['geolocation', false], ['media', false], ['usb', false], ['fileSystem', true]]) {
  let given;
  webContents.permissionRequest(webContents, permission, (result) => { given = result; });
  assert.equal(given, allowed, permission);
  assert.equal(webContents.permissionCheck(webContents, permission), allowed, permission);
}

// ---- files of the page ----

const get = (url, options) => fake.protocols.get('anyfs')(new Request(url, options));
const page = await get('anyfs://app/');
assert.equal(page.status, 200);
assert.match(page.headers.get('content-type'), /^text\/html/);
const policy = page.headers.get('content-security-policy');
assert.match(policy, /default-src 'none'/);
assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
assert.doesNotMatch(policy, /unsafe-eval' |script-src[^;]*unsafe-inline/);
assert.equal((await get('anyfs://app/icon.svg')).headers.get('content-type'), 'image/svg+xml');
for (const url of ['anyfs://app/none', 'anyfs://other/', 'anyfs://app/%2e%2e/package.json',
  'anyfs://app/..%2fpackage.json', 'anyfs://app/%2fetc/passwd', 'anyfs://app/%00', 'anyfs://app/%zz'])
  assert.equal((await get(url)).status, 404, url);
assert.equal((await get('anyfs://app/', { method: 'POST' })).status, 405);
const part = await get('anyfs://app/index.html', { headers: { range: 'bytes=1-3' } });
assert.deepEqual([part.status, await part.text()], [206, '!do']);

// ---- the page names no paths of its own ----

await assert.rejects(fake.invokeFrom({ sender: webContents, senderFrame: { url: 'https://example.org/', parent: null } },
  'choose-image'), /not allowed to use/);
await assert.rejects(fake.invokeFrom({ sender: webContents, senderFrame: { url: 'anyfs://app/', parent: {} } },
  'choose-image'), /not allowed to use/);
await assert.rejects(desktop.imageOfDevice('/etc/passwd'), /was not listed/);
await assert.rejects(desktop.imageOfRecent(other), /was not listed/);
await assert.rejects(desktop.connect('/etc/passwd', 1), /no such image/);
await assert.rejects(desktop.connect(first.id, 'one'), /no number/);
await assert.rejects(desktop.allowWriting(first.id, 77), /is not open/);
assert.equal(await desktop.imageOfFile({}), null);
const dropped = {};
fake.filePaths.set(dropped, other);
assert.equal((await desktop.imageOfFile(dropped)).path, other);
fake.answers.push({ filePaths: [] });
assert.equal(await desktop.chooseImage(), null);
fake.answers.push({ filePaths: ['/nonexistent/disk.img'] });
await assert.rejects(desktop.chooseImage(), /ENOENT/);
fake.answers.push({ filePaths: ['/dev'] });
await assert.rejects(desktop.chooseImage(), /EISDIR|not a file/);

// ---- recent images ----

assert.deepEqual(await desktop.recentImages(), []);
await desktop.remember(first.id);
await desktop.remember((await desktop.imageOfFile(dropped)).id);
await desktop.remember(first.id);
assert.deepEqual((await desktop.recentImages()).map(({ path }) => path), [image, other]);
assert.deepEqual(fake.of('addRecentDocument').map(([path]) => path), [image, other, image]);
assert.equal((await desktop.imageOfRecent(other)).path, other);
await desktop.forget();
assert.deepEqual(await desktop.recentImages(), []);
assert.equal(fake.of('clearRecentDocuments').length, 1);

// ---- a connection, and images from outside ----

let message = null;
globalThis.window = { postMessage: (...args) => { message = args; } };
await desktop.connect(first.id, 5);
assert.deepEqual(message.slice(0, 2), [{ anyfsPort: 5 }, '*']);
assert.equal(message[2].length, 1);
await assert.rejects(desktop.connect(first.id, 5), /exists/);

const opened = [];
desktop.onImage((found) => opened.push(found.path));
// The window has an image: another one gets a new window.
app.emit('second-instance', {}, [process.execPath, '--flag', basename(other)], resolve(other, '..'));
await until(() => fake.windows.length === 2);
fake.current = fake.windows[1];
assert.equal((await desktop.firstImage()).path, other);
let stopped = false;
app.emit('open-file', { preventDefault: () => { stopped = true; } }, image);
assert.equal(stopped, true);
await until(() => fake.windows[1].webContents.sent.length);
const [channel, sent] = fake.windows[1].webContents.sent[0];
assert.equal(channel, 'image');
fake.rendererListeners.get(channel)({}, sent);
assert.deepEqual(opened, [image]);
assert.equal(fake.windows.length, 2);
app.emit('second-instance', {}, [process.execPath, '/nonexistent/disk.img'], '/');
await until(() => fake.of('showErrorBox').length);
assert.match(fake.of('showErrorBox')[0].join(), /disk\.img cannot be opened,.*ENOENT/);
fake.windows[1].minimized = true;
fake.windows[1].focused = true;
app.emit('second-instance', {}, [process.execPath], '/');
assert.equal(fake.windows[1].minimized, false);

// ---- the end ----

fake.answers.push(0);
assert.equal(window.userCloses(true), false, 'a window with changes stays open');
assert.match(JSON.stringify(fake.of('showMessageBoxSync')), /not saved/);
fake.answers.push(1);
assert.equal(window.userCloses(true), true);
await fake.processes[0].exited;
assert.equal(fake.windows[0].userCloses(false), true);
app.emit('window-all-closed');
assert.equal(fake.of('quit').length, 1);
assert.deepEqual(fake.answers, []);

// ---- the menu ----

const [menu] = fake.of('setApplicationMenu')[0];
const items = menu.template.find(({ label }) => label === '&File').submenu;
fake.answers.push({ filePaths: [other] });
items.find(({ label }) => label?.startsWith('&Open')).click();
await until(() => fake.windows.length === 1);
assert.deepEqual(menu.template.flatMap(({ submenu = [] }) => submenu).filter(({ role }) => /reload|devTools/i.test(role)), []);
