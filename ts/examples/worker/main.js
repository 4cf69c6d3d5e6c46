// SPDX-License-Identifier: GPL-2.0
/*
 * main.js - pass the image to a worker, and show the files that it finds
 */
const worker = new Worker(new URL('./search.js', import.meta.url), { type: 'module' });
const found = document.querySelector('#found');

worker.onmessage = ({ data }) => { found.textContent += `${data}\n`; };
document.querySelector('#image').addEventListener('change', ({ target }) => {
  worker.postMessage(target.files[0]);
});
