// SPDX-License-Identifier: GPL-2.0
/*
 * sizes.ts - the space that the content of a directory takes, as a tree, and as boxes with
 * proportional areas
 */
import type { Disk } from '@anyfs/core';

export interface Node {
  name: string;
  path: string;
  directory: boolean;
  /** Bytes on the disk, including everything below. */
  bytes: number;
  children: Node[];
}

export interface Box {
  node: Node;
  x: number;
  y: number;
  width: number;
  height: number;
}

const SECTOR = 512;

/** @param progress called with the tree while it grows */
export async function measure(disk: Disk, root: string, signal: AbortSignal,
  progress: (tree: Node, count: number) => void): Promise<Node> {
  const tree = makeDirectory(root, root);
  const directories = new Map([[root.replace(/\/$/, ''), [tree]]]);
  const linked = new Set<string>();
  let count = 0;

  for await (const { path, entry, stat } of disk.walk(root, { signal, stats: true })) {
    const chain = directories.get(path.slice(0, path.lastIndexOf('/')))!;
    const node = { ...makeDirectory(path, entry.name), directory: entry.kind === 'dir' };
    // Count a file with several names once.
    const again = stat !== undefined && stat.kind === 'file' && stat.nlink > 1 &&
      testAndAdd(linked, `${stat.dev}:${stat.ino}`);
    node.bytes = again ? 0 : SECTOR * (stat?.blocks ?? 0);
    chain.at(-1)!.children.push(node);
    for (const above of chain)
      above.bytes += node.bytes;
    if (node.directory)
      directories.set(path, [...chain, node]);
    progress(tree, ++count);
  }
  return tree;
}

function makeDirectory(path: string, name: string): Node {
  return { path, name, directory: true, bytes: 0, children: [] };
}

function testAndAdd(set: Set<string>, key: string): boolean {
  const before = set.has(key);
  set.add(key);
  return before;
}

/** Boxes for the largest of @nodes, as close to squares as possible (a squarified treemap). */
export function boxesOf(nodes: readonly Node[], width: number, height: number, limit: number): Box[] {
  const sorted = nodes.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes).slice(0, limit);
  const total = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
  const boxes: Box[] = [];
  const free = { x: 0, y: 0, width, height };
  const scale = width * height / (total || 1);

  for (let start = 0; start < sorted.length;) {
    const short = Math.min(free.width, free.height);
    let end = start + 1;
    while (end < sorted.length && worstRatio(sorted, start, end + 1, short, scale) <= worstRatio(sorted, start, end, short, scale))
      end++;
    placeRow(sorted.slice(start, end), free, scale, boxes);
    start = end;
  }
  return boxes;
}

/** The ratio of sides of the worst box in a row. */
function worstRatio(nodes: readonly Node[], start: number, end: number, short: number, scale: number): number {
  const areas = nodes.slice(start, end).map(({ bytes }) => bytes * scale);
  const sum = areas.reduce((a, b) => a + b, 0);
  const thick = sum / short;
  return Math.max(...areas.map((area) => Math.max(thick * thick / area, area / (thick * thick))));
}

function placeRow(row: readonly Node[], free: Omit<Box, 'node'>, scale: number, boxes: Box[]): void {
  const area = row.reduce((sum, { bytes }) => sum + bytes, 0) * scale;
  const wide = free.width >= free.height;
  const thick = area / (wide ? free.height : free.width);
  let at = wide ? free.y : free.x;

  for (const node of row) {
    const long = node.bytes * scale / thick;
    boxes.push(wide ? { node, x: free.x, y: at, width: thick, height: long } :
      { node, x: at, y: free.y, width: long, height: thick });
    at += long;
  }
  if (wide) {
    free.x += thick;
    free.width -= thick;
  } else {
    free.y += thick;
    free.height -= thick;
  }
}
