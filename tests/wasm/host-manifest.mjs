// SPDX-License-Identifier: GPL-2.0
/*
 * host-manifest.mjs - the lines of manifest.mjs for a directory of the host
 */
import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { sha256 } from './manifest.mjs';

async function describe(path) {
  const st = lstatSync(path);
  if (st.isSymbolicLink())
    return `link ${readlinkSync(path)}`;
  return st.isDirectory() ? 'dir' : `file ${st.size} ${await sha256(readFileSync(path))}`;
}

async function hostManifest(tree) {
  const lines = [];
  for (const name of readdirSync(tree, { recursive: true }))
    lines.push(`${name} ${await describe(`${tree}/${name}`)}`);
  return lines.sort();
}

/** Fail unless @got, the manifest of an image, equals the manifest of the directory @tree. */
export async function assertSame(got, tree) {
  const want = await hostManifest(tree);
  assert.ok(want.length, `${tree} is empty`);
  assert.deepEqual(got, want);
}
