// SPDX-License-Identifier: GPL-2.0
/*
 * files-server.mjs - the functions of node:fs that scripts in a worker need
 */
import { createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Store a body with holes where it has zeros. */
async function store(path, body) {
  const file = await open(path, 'w');
  let at = 0;
  for await (const part of body) {
    if (part.some((byte) => byte))
      await file.write(part, 0, part.length, at);
    at += part.length;
  }
  await file.truncate(at);
  await file.close();
}

function describe(path) {
  const st = lstatSync(path);
  return { size: st.size, kind: st.isSymbolicLink() ? 'link' : st.isDirectory() ? 'dir' : 'file' };
}

const calls = {
  stat: describe,
  list: (path, options) => readdirSync(path, options),
  readlink: (path) => readlinkSync(path),
};

/** @param others more operations */
export async function answerFile(request, response, others) {
  const [, name, query] = /^\/host\/(\w+)\?(.*)$/.exec(request.url);
  const args = JSON.parse(decodeURIComponent(query));
  try {
    if (name === 'read') {
      const { size } = describe(args[0]);
      response.writeHead(200, { 'Content-Length': size });
      createReadStream(args[0]).pipe(response);
      return;
    }
    const value = name === 'write' ? await store(args[0], request) : await (calls[name] ?? others[name])(...args);
    response.writeHead(200).end(JSON.stringify(value ?? null));
  } catch (error) {
    response.writeHead(400).end(JSON.stringify({ code: error.code, message: error.message }));
  }
}
