// SPDX-License-Identifier: GPL-2.0
/*
 * app-sqlite.mjs IMAGE - look into the databases of IMAGE, after the server was stopped
 */
import assert from 'node:assert/strict';

import { chooseImage, controlled, file, openApp } from './app.mjs';

const [image] = process.argv.slice(2);
const { page, context, close, server } = await openApp();

async function show(name) {
  await file(page, name).dblclick();
  const dialog = page.getByRole('dialog', { name: `/${name}` });
  await dialog.getByRole('button', { name: 'Tables', exact: true }).waitFor();
  return dialog;
}

async function closed(dialog) {
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** The texts of the row with the number @nr. */
function cells(dialog, nr) {
  return dialog.locator('tbody tr').nth(nr).getByRole('cell').allTextContents();
}

await controlled(page);
assert.equal(server.requests.filter((path) => /sql.*wasm/.test(path)).length, 1,
  'only the service worker fetches SQLite');
await context.setOffline(true);
server.close();
await chooseImage(page, image);

const shop = await show('shop.db');
const list = shop.getByRole('list', { name: 'Tables and views of the database' });
for (const entry of ['empty0', 'odd "name"1', 'parts1,000', 'wide0', 'endlessview?', 'last_partsview10', 'no_tableview?'])
  await list.getByRole('listitem').filter({ hasText: new RegExp(`^${entry.replace('?', '\\?')}$`) }).waitFor();
assert.equal(await list.getByRole('listitem').count(), 7);
await shop.getByText('No rows', { exact: true }).waitFor();

await list.getByTitle('parts', { exact: true }).click();
await shop.getByText('Rows 1 to 200 of 1,000', { exact: true }).waitFor();
assert.deepEqual(await cells(shop, 0), ['1', 'part 1']);
assert.equal(await shop.locator('tbody tr').count(), 200);
for (const rows of ['201 to 400', '401 to 600', '601 to 800', '801 to 1,000']) {
  await shop.getByRole('button', { name: 'Next' }).click();
  await shop.getByText(`Rows ${rows} of 1,000`, { exact: true }).waitFor();
}
assert.deepEqual(await cells(shop, 199), ['1000', 'part 1000']);
assert.ok(await shop.getByRole('button', { name: 'Next' }).isDisabled());
await shop.getByRole('button', { name: 'Back' }).click();
await shop.getByText('Rows 601 to 800 of 1,000', { exact: true }).waitFor();

// Values with any content are shown as text, and large ones are cut.
await list.getByTitle('odd "name"', { exact: true }).click();
await shop.getByText('Rows 1 to 1 of 1', { exact: true }).waitFor();
assert.deepEqual(await shop.locator('th').allTextContents(), ['a', '<b>bold</b>', 'big', 'data', 'unset']);
assert.deepEqual(await cells(shop, 0), ['<img src=x onerror=alert(1)>', `${'x'.repeat(300)}…`, '9223372036854775807',
  `2.9 KiB de ad be ef${' 00'.repeat(12)} …`, 'NULL']);
await list.getByTitle('wide', { exact: true }).click();
await shop.getByText('50 columns are not shown').waitFor();
assert.equal(await shop.locator('th').count(), 100);
await list.getByTitle('last_parts', { exact: true }).click();
await shop.getByText('Rows 1 to 10 of 10', { exact: true }).waitFor();
assert.deepEqual(await cells(shop, 0), ['part 991']);
await list.getByTitle('endless', { exact: true }).click();
await shop.getByText('Rows 1 to 200', { exact: true }).waitFor();
await shop.getByRole('button', { name: 'Next' }).click();
await shop.getByText('Rows 201 to 400', { exact: true }).waitFor();
assert.deepEqual(await cells(shop, 0), ['201']);
await list.getByTitle('no_table', { exact: true }).click();
await shop.getByText(/SQLite cannot read this.*no such table: main.missing/).waitFor();
await closed(shop);

const wal = await show('wal.db');
await wal.getByText('The newest rows may be missing: they may be in wal.db-wal, which is not read here.').waitFor();
await wal.getByText('Rows 1 to 1 of 1', { exact: true }).waitFor();
assert.deepEqual(await cells(wal, 0), ['early']);
await closed(wal);

const bad = await show('bad.db');
await bad.getByText(/SQLite cannot read this.*(malformed|not a database)/).waitFor();
await closed(bad);
const tables = await show('bad-tables.db');
await tables.getByTitle('parts', { exact: true }).click();
await tables.getByText(/SQLite cannot read this.*malformed/).waitFor();
await closed(tables);

const large = await show('large.db');
await large.getByText(/Tables of databases up to 256 MiB are shown here/).waitFor();
await close();
