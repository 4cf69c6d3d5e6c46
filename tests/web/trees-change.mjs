// SPDX-License-Identifier: GPL-2.0
/*
 * trees-change.mjs PAGE IMAGE HOST CHANGED - change an image with the file browser
 *
 * Files of directory HOST are dropped; CHANGED gets the image.
 */
import assert from 'node:assert/strict';

import { browse } from './trees.mjs';

const [dir, image, host, changed] = process.argv.slice(2);
const b = await browse(dir, image, {
  options: { overlay: true }, props: { readOnly: false }, hash: '#/docs',
});
const { page } = b;

// Rename in place: impossible names are refused, Escape changes nothing.
await b.at('/docs');
await page.focus('.anyfs-grid');
await b.keys('Home', 'F2');
await page.waitForSelector('.anyfs-rename input');
assert.equal(await page.evaluate(() => getSelection().toString()), 'notes');
await page.fill('.anyfs-rename input', 'report.txt');
await page.waitForSelector('.anyfs-bubble >> text=already exists here');
await b.keys('Enter');
await page.fill('.anyfs-rename input', 'a/b');
await page.waitForSelector('.anyfs-bubble >> text=cannot contain');
await b.keys('Escape');
await b.shows('notes.txt');
await b.keys('F2');
await page.fill('.anyfs-rename input', 'renamed.md');
await b.keys('Enter');
await b.shows('renamed.md');
await b.shows('notes.txt', false);
await b.until(() => document.activeElement.className === 'anyfs-grid');
await b.hasSelected(['renamed.md']);

// A file that exists: the user is asked; keep both, replace, stop.
const question = '[data-testid=replace-question]';
await b.drop([`${host}/report.txt`], '.anyfs-content');
await page.click(`${question} [data-testid=answer-keepBoth]`);
await b.shows('report 2.txt');
await b.drop([`${host}/report.txt`], '.anyfs-content');
await page.waitForSelector(question);
await b.keys('Escape');
await page.waitForSelector('.anyfs-task[data-state=cancelled]');
assert.equal(await page.evaluate(async () => {
  await using file = await window.disk.open('/docs/report.txt');
  return await file.text();
}), 'original\n');
await b.drop([`${host}/report.txt`], '.anyfs-content');
await page.click(`${question} [data-testid=answer-replace]`);
await b.idle();

// A new folder can be named at once; a folder of the host is dropped on it.
await page.click('.anyfs-location >> text=/');
await b.at('/');
await page.click('[aria-label="New folder"]');
await page.waitForSelector('.anyfs-rename input');
await page.keyboard.type('New place');
await b.keys('Enter');
await b.shows('New place');
await b.drop([`${host}/directory`], '.anyfs-row[data-name="New place"]');
await b.row('New place').dblclick();
await b.at('/New place');
await b.shows('directory');
await b.idle();

// Delete asks, and removes a folder with all its content.
await page.click('[aria-label="Up one folder"]');
await b.at('/');
await b.row('old').click();
await b.keys('Delete');
await page.waitForSelector('[data-testid=delete-question]');
await b.keys('Escape');
await b.shows('old');
await b.keys('Delete');
await page.click('[data-testid=delete-yes]');
await b.shows('old', false);
await page.waitForSelector('[role=treeitem][aria-label=old]', { state: 'detached' });

// Cut and paste move a file; so does dragging it to a folder of the tree.
await b.row('move-me').click();
await b.keys('Control+x');
await b.row('target').dblclick();
await b.at('/target');
await page.focus('.anyfs-grid');
await b.keys('Control+v');
await b.shows('move-me');
await b.row('move-me').dragTo(page.locator('[role=treeitem][aria-label=docs]'));
await b.shows('move-me', false);
await page.click('[role=treeitem][aria-label=docs]');
await b.at('/docs');
await b.row('move-me').dragTo(page.locator('[role=treeitem][aria-label=target]'));
await b.shows('move-me', false);

// Permissions by octal digits.
await page.click('.anyfs-location >> text=/');
await b.at('/');
await b.row('keep').click();
await b.keys('Alt+Enter');
await page.fill('.anyfs-octal input', '4755');
assert.equal(await page.textContent('.anyfs-permissions legend code'), '-rwsr-xr-x');
await page.click('.anyfs-octal >> text=Apply');
await page.waitForSelector('.anyfs-octal >> text=Apply', { state: 'detached' });

// The owner, by number or by name; setuid stays.
await page.fill('.anyfs-properties input[aria-label=Owner]', 'nobody-here');
await page.waitForSelector('.anyfs-properties input[aria-label=Owner][aria-invalid=true]');
assert.equal(await page.locator('.anyfs-owner-apply').count(), 0);
await page.fill('.anyfs-properties input[aria-label=Owner]', 'keeper');
await page.fill('.anyfs-properties input[aria-label=Group]', '70000');
await page.click('.anyfs-owner-apply');
await page.waitForSelector('.anyfs-owner-apply', { state: 'detached' });
const { uid, gid, mode } = await page.evaluate(() => window.disk.stat('/keep'));
assert.deepEqual([uid, gid, mode & 0o7777], [1234, 70000, 0o4755]);
await b.keys('Escape');

await b.idle();
await b.save(changed);
await b.close();
