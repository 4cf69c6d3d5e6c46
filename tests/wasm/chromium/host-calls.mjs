// SPDX-License-Identifier: GPL-2.0
/*
 * host-calls.mjs - calls of a worker to files-server.mjs that return at once, as in Node.js
 */
function send(method, name, args, body) {
  const request = new XMLHttpRequest();

  request.open(method, `/host/${name}?${encodeURIComponent(JSON.stringify(args))}`, false);
  request.responseType = 'arraybuffer';
  request.send(body);
  if (request.status === 200)
    return new Uint8Array(request.response);
  throw Object.assign(new Error(`${name}: ${request.status}`), JSON.parse(new TextDecoder().decode(request.response)));
}

/** The result of operation @name of files-server.mjs. */
export function callHost(name, ...args) {
  return JSON.parse(new TextDecoder().decode(send('GET', name, args)));
}

export function readHostFile(path) {
  return send('GET', 'read', [path]);
}

export function writeHostFile(path, data) {
  send('PUT', 'write', [path], data);
}
