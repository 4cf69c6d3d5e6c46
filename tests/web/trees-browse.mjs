// SPDX-License-Identifier: GPL-2.0
/*
 * trees-browse.mjs PAGE IMAGE - look at an image with the file browser
 */
import assert from 'node:assert/strict';

import { browse } from './trees.mjs';

const b = await browse(...process.argv.slice(2), { props: { rootLabel: 'my disk', preview: true } });
const { page } = b;
const hasSelectedCount = (count) => b.until((wanted) =>
  window.events.findLast(([event]) => event === 'selection')?.[1].length === wanted, count);
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));

// Folders are first; links to folders are among them.
await b.at('/');
await b.hasNames([
  'a directory', 'absolute', 'deep', 'empty', 'etc', 'lost+found', 'many', 'to-folder',
  'broken', 'grüße 日本.txt', 'link', 'os-release', 'pipe', 'sparse', 'zero',
]);
assert.equal(await hash(), '#/');
assert.match(await b.row('broken').textContent(), /Broken link/);
assert.match(await b.row('to-folder').textContent(), /Link to folder/);
assert.match(await b.row('pipe').textContent(), /Pipe/);
assert.match(await page.textContent('.anyfs-status'), /^8 folders, 7 files, /);

// Numbers in names sort by value, and a second click turns the order around.
await b.row('many').dblclick();
await b.at('/many');
assert.equal(await hash(), '#/many');
const files = [1, 2, 9, 10, 100].map((i) => `File ${i}.txt`);
await b.hasNames(files);
await page.click('.anyfs-head >> text=Name');
await b.hasNames(files.toReversed());
await page.click('.anyfs-head >> text=Size');
await b.hasNames(files);
assert.equal(await page.getAttribute('.anyfs-head .anyfs-cell-size', 'aria-sort'), 'descending');
await page.click('.anyfs-head >> text=Modified');
await b.until(() => document.querySelector('.anyfs-row[data-index="4"]')?.dataset.name === 'File 9.txt');
await page.click('.anyfs-head >> text=Name');

// Back, forward and up; the folder that was left is selected.
await page.click('[aria-label="Up one folder"]');
await b.at('/');
await b.hasSelected(['many']);
await page.click('[aria-label=Back]');
await b.at('/many');
await page.goBack();
await b.at('/');
await page.goForward();
await b.at('/many');
await page.evaluate(() => { location.hash = '#/deep/er'; });
await b.at('/deep/er');
await b.hasCalled('path', '/deep/er');
await page.click('[aria-current=page] >> text=er');
await page.click('.anyfs-location >> text=my disk');
await b.at('/');

// A link to a folder opens, and its path is that of the link; a broken link gives an error.
await b.row('to-folder').dblclick();
await b.at('/to-folder');
await b.hasNames(['inner']);
await b.keys('Backspace');
await b.at('/');
await b.row('broken').dblclick();
await page.waitForSelector('.anyfs-task[data-state=failed] >> text=/nowhere');
await page.click('.anyfs-task [aria-label=Dismiss]');

// The keyboard alone: type ahead, ranges, all, open.
await page.focus('.anyfs-grid');
await b.typeAhead('deep');
await b.hasSelected(['deep']);
await b.keys('Enter');
await b.at('/deep');
await b.keys('Home', 'Enter');
await b.at('/deep/er');
await b.keys('End', 'Shift+ArrowUp', 'Shift+ArrowUp');
await b.hasCalled('selection', ['file-199', 'file-200', 'out'].toSorted(
  (x, y) => x.localeCompare(y, 'en', { numeric: true })));
await b.keys('Control+Home', 'Control+Space');
await hasSelectedCount(4);
await b.keys('Control+a');
await hasSelectedCount(202);
await b.keys('Escape', 'Alt+ArrowUp');
await b.at('/deep');
await b.typeAhead('big');
await b.until(() => document.querySelector('#shown').textContent === 'big');
await b.keys('Enter');
await b.hasCalled('activate', ['/deep/big', '/', '/deep/big']);

// The context menu opened by the keyboard; an action of the application gets paths.
await b.keys('Shift+F10');
await page.waitForSelector('[role=menu]');
assert.equal(await page.evaluate(() => document.activeElement.textContent.includes('Open')), true);
assert.equal(await page.locator('[data-action=delete]').count(), 0, 'a read-only disk offers no changes');
await page.keyboard.type('my');
await b.keys('Enter');
await b.hasCalled('action', ['/deep/big']);
assert.equal(await page.evaluate(() => document.activeElement.className), 'anyfs-grid');

// Properties of a file, and of a folder with its content.
await b.keys('Alt+Enter');
assert.equal(await page.textContent('[data-testid=properties-kind]'), 'File');
assert.match(await page.textContent('[data-testid=properties-size]'), /^4\.8 MiB \(5,000,000 bytes\)/);
assert.match(await page.textContent('[data-testid=properties-modal]'), /Owner.*(root|nobody|\d+)/);
await page.getByText('Extents on the disk').click();
await page.waitForFunction(() => document.querySelector('.anyfs-section table td')?.textContent === '0');
await page.getByText('Extended attributes').click();
await page.getByText('None', { exact: true }).waitFor();
await b.keys('Escape');
await page.waitForSelector('[data-testid=properties-modal]', { state: 'detached' });
await b.keys('Alt+ArrowUp');
await b.at('/');
await b.hasSelected(['deep']);
await b.keys('Alt+Enter');
assert.equal(await page.textContent('[data-testid=properties-kind]'), 'Folder');
await b.until(() => document.querySelector('[data-testid=properties-size] [aria-busy=false]'));
assert.match(await page.textContent('[data-testid=properties-modal]'), /2 folders, 203 files/);
await b.keys('Escape');

// The path as a text; a path that does not exist is refused in place.
await b.keys('Control+l');
await page.keyboard.type('/deep/none');
await b.keys('Enter');
await page.waitForSelector('.anyfs-bubble >> text=does not exist');
await b.keys('Control+a');
await page.keyboard.type('/deep/er/est');
await b.keys('Enter');
await b.at('/deep/er/est');
await b.until(() => document.activeElement.className === 'anyfs-grid');

// The properties of a link to a folder are those of the folder.
await page.click('.anyfs-location >> text=my disk');
await b.at('/');
await b.row('absolute').click();
await b.keys('Alt+Enter');
await b.until(() => /5 B/.test(document.querySelector('[data-testid=properties-size]')?.textContent));
await b.keys('Escape');
await page.evaluate(() => { location.hash = '#/deep/er/est'; });
await b.at('/deep/er/est');
await page.focus('.anyfs-grid');

// A filter, hidden files, more columns.
await b.keys('Alt+ArrowUp');
await b.at('/deep/er');
await page.focus('.anyfs-grid');
await b.keys('Control+f');
await page.keyboard.type('file-19');
await b.until(() => document.querySelectorAll('.anyfs-row').length === 11);
assert.match(await page.textContent('.anyfs-status'), /11 of 202 items/);
await b.keys('Escape');
await page.click('[aria-label=View]');
await page.click('[data-action=column-mode]');
await page.waitForSelector('.anyfs-cell-mode >> text=-rw-r--r--');

// The tree: it follows the table, and opens folders itself.
assert.equal(await page.getAttribute('[role=treeitem][aria-selected=true]', 'aria-label'), 'er');
await page.click('[role=treeitem][aria-label="a directory"]');
await b.at('/a directory');
await b.keys('ArrowRight');
await page.click('[role=treeitem][aria-label=inner]');
await b.at('/a directory/inner');
await page.waitForSelector('text=This folder is empty');

// A folder that cannot be read says why, and is tried again.
await page.evaluate(() => { location.hash = '#/gone'; });
await page.waitForSelector('[role=alert] >> text=ENOENT');
await page.click('text=Try again');
await page.waitForSelector('[role=alert] >> text=ENOENT');
await page.goBack();
await b.at('/a directory/inner');

// Pass a session instead of using an AnyfsProvider, and show links as links.
await page.evaluate(() => window.startSession({ followSymlinks: false, hash: false }));
await b.at('/');
await b.row('to-folder').waitFor();
assert.equal((await b.names()).indexOf('to-folder') > (await b.names()).indexOf('many'), true);
await b.close();
