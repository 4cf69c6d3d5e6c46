// SPDX-License-Identifier: GPL-2.0
/*
 * main.js - a page without a bundler; the package @anyfs/core is in the directory "core"
 */
import { joinPath, open } from './core/dist/index.js';

const status = document.querySelector('#status');
const list = document.querySelector('#files');
const save = document.querySelector('#save');
let disk = null;
let root = '';

document.querySelector('#image').addEventListener('change', async ({ target }) => {
  try {
    await disk?.close();
    disk = await open(target.files[0], { overlay: true });
    await show();
  } catch (error) {
    status.textContent = error.message;
  }
});

async function show() {
  const part = (await disk.partitions()).find(({ fstype }) => fstype);
  list.replaceChildren();
  if (!part) {
    status.textContent = 'There is no file system that can be opened.';
    return;
  }
  root = part.path;
  for await (const { path, entry, stat } of disk.list(part.path, { stats: true })) {
    const item = document.createElement('li');
    item.textContent = entry.kind === 'dir' ? `${entry.name}/` : `${entry.name}, ${stat?.size} bytes`;
    item.title = path;
    list.append(item);
  }
  status.textContent = `${part.path}: ${part.fstype} ${part.label}`;
  save.hidden = false;
}

save.addEventListener('click', async () => {
  await disk.writeFile(joinPath(root, 'hello.txt'), 'written in a page\n');
  await show();
  // The image itself has not changed: the new one is a download.
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await new Response(disk.export()).blob());
  link.download = 'changed.img';
  link.click();
});
