// SPDX-License-Identifier: GPL-2.0
/*
 * electron-page.mjs DISK DROPPED - the application in Chromium, with the bridge of the desktop
 * program
 *
 * The page comes from the program's own protocol, with its Content-Security-Policy.  The bridge
 * in the page passes calls to the preload script and the main program here, and messages of
 * ports to a utility process, which opens DISK.  /p2/etc/hosts is changed and written in place.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';

import { file, openFolder, refuseReload } from './app.mjs';
import { fake, preload, startProgram, until } from './electron/program.mjs';

const [disk, dropped] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = createRequire(process.env.ANYFS_NPM)('playwright-core');
fake.paths.userData = process.cwd();
await startProgram([disk]);
await until(() => fake.windows.length);
const [window] = fake.windows;

/** Serve the files of the protocol over http, since Chromium does not know the protocol. */
async function serveProtocol() {
  const server = createServer(async ({ url, method }, response) => {
    const answer = await fake.protocols.get('anyfs')(new Request(`anyfs://app${url}`, { method }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

/** Define in the page the objects that the context bridge would make. */
function bridgeOfPage() {
  const listeners = [];
  const closed = [];
  const ports = new Map();
  const names = ['firstImage', 'chooseImage', 'blockDevices', 'imageOfDevice', 'recentImages',
    'imageOfRecent', 'remember', 'forget', 'connect', 'allowWriting'];

  window.anyfsDesktop = Object.fromEntries(names.map((name) => [name, (...args) => window.desktopCall(name, args)]));
  window.anyfsDesktop.imageOfFile = ({ name }) => window.desktopCall('imageOfFile', [name]);
  window.anyfsDesktop.onImage = (listener) => listeners.push(listener);
  window.anyfsDesktop.onClosed = (listener) => closed.push(listener);
  window.fromDesktop = (kind, number, data) => {
    if (kind === 'image')
      return listeners.forEach((listener) => listener(data));
    if (kind === 'message')
      return ports.get(number).postMessage(data);
    if (kind === 'closed')
      return closed.forEach((listener) => listener(number));
    const { port1, port2 } = new MessageChannel();
    ports.set(number, port2);
    port2.onmessage = (event) => window.desktopSend(number, event.data);
    window.postMessage({ anyfsPort: number }, '*', [port1]);
  };
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], timeout: 0,
});
const context = await browser.newContext({ locale: 'en-US' });
const page = await context.newPage();
page.setDefaultTimeout(300_000);
const problems = [];
page.on('pageerror', (error) => problems.push(error.stack));
page.on('console', (text) => {
  if (/Content.Security.Policy/i.test(text.text()))
    problems.push(text.text());
});

const desktop = preload(window);
const ports = new Map();
const files = new Map([[basename(dropped), {}]]);
fake.filePaths.set(files.get(basename(dropped)), dropped);
let queue = Promise.resolve();
const toPage = (...args) => {
  queue = queue.then(() => page.evaluate((all) => window.fromDesktop(...all), args)).catch(() => {});
};
globalThis.window = {
  postMessage({ anyfsPort }, _origin, [port]) {
    ports.set(anyfsPort, port);
    toPage('port', anyfsPort);
    port.on('message', (data) => toPage('message', anyfsPort, data));
  },
};
desktop.onImage((image) => toPage('image', 0, image));
desktop.onClosed((request) => toPage('closed', request));
window.webContents.on('fake-sent', (channel, value) => fake.rendererListeners.get(channel)({}, value));
await page.exposeBinding('desktopCall', (_source, name, args) =>
  desktop[name](...(name === 'imageOfFile' ? [files.get(args[0]) ?? {}] : args)));
await page.exposeBinding('desktopSend', (_source, number, data) => ports.get(number).postMessage(data));
await page.addInitScript(bridgeOfPage);
const { server, url } = await serveProtocol();

// ---- the image of the command line: browse, read, edit ----

const before = readFileSync(disk);
await page.goto(url);
await page.getByRole('button', { name: /^Open anyfs-test/ }).click();
await file(page, 'os-release').waitFor();
await openFolder(page, '/p2/etc');
await file(page, 'hosts').click();
await page.locator('.text-row', { hasText: '127.0.0.1 localhost' }).waitFor();
await page.getByRole('button', { name: 'Edit', exact: true }).click();
await page.getByRole('textbox', { name: 'Text of the file' }).fill('192.0.2.1 by the desktop\n');
await page.keyboard.press('Control+s');
await page.locator('.text-row', { hasText: 'by the desktop' }).waitFor();
assert.deepEqual(readFileSync(disk), before, 'the image has changed before it was saved');

// ---- a window with changes asks ----

await refuseReload(page);

// ---- in place: the page asks, and the system asks ----

const saveInPlace = async (response) => {
  fake.answers.push({ response });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Write to the original file…' }).click();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await until(() => !fake.answers.length);
};
await saveInPlace(0);
await page.getByRole('button', { name: '1 change' }).waitFor();
assert.deepEqual(readFileSync(disk), before, 'the image has changed against the will of the user');
await saveInPlace(1);
await page.locator('.bar-dot').waitFor({ state: 'detached' });
assert.notDeepEqual(readFileSync(disk), before);
// The same disk is still used.
await page.locator('.text-row', { hasText: 'by the desktop' }).waitFor();

// ---- all is saved: the start page, a dropped file, the devices ----

await page.getByRole('button', { name: /start page/ }).click();
await page.getByRole('heading', { name: 'Open any disk image' }).waitFor();
await fake.processes[0].exited;
await page.evaluate((name) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['content that is not used'], name));
  for (const type of ['dragenter', 'dragover', 'drop'])
    document.querySelector('main').dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}, basename(dropped));
await file(page, 'os-release').waitFor();
fake.processes.at(-1).child.kill('SIGKILL');
await page.getByText('The kernel has stopped').waitFor();
await page.getByRole('button', { name: 'Open the image again' }).click();
await file(page, 'os-release').waitFor();
await page.getByRole('button', { name: /start page/ }).click();
await page.getByRole('button', { name: 'Show the disks of this computer' }).click();
await page.getByRole('heading', { name: 'Disks of this computer' }).waitFor();

// ---- an image that the system asks to open, and a choice with the dialog ----

fake.answers.push({ filePaths: [disk] });
await page.getByRole('button', { name: 'Choose an image…' }).click();
await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
await browser.close();
server.close();
assert.deepEqual(problems, []);
assert.equal(window.userCloses(false), true);
await until(() => fake.processes.every(({ exitCode }) => exitCode !== undefined));
