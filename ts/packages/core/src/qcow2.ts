// SPDX-License-Identifier: GPL-2.0
/*
 * qcow2.ts - write the changes of an overlay as a qcow2 image with a backing file
 *
 * The cluster size is the block size of the overlay.  All tables come before the data, so that
 * the image can be written as a stream.  Specification: docs/interop/qcow2.txt of QEMU.
 */
import { errno, FsError } from './errno.js';

/** Binary logarithm of the cluster size. */
const BITS = 12;
const CLUSTER = 1 << BITS;
/** Number of entries in a table of one cluster. */
const PER_TABLE = CLUSTER / 8;
/** Number of reference counts, of 16 bits each, in one cluster. */
const PER_REFCOUNT_BLOCK = CLUSTER / 2;
/** Readers refuse an L1 table of more than 32 MiB: QCOW_MAX_L1_SIZE of QEMU. */
const L1_ENTRIES_MAX = 32 << 20 >> 3;
/** Bytes of the header. */
const HEADER = 104;
/** Clusters of data that are yielded together. */
const PART = 256;
/** Type of the header extension with the format of the backing file. */
const BACKING_FORMAT = 0xe2792aca;
/** Flag of a table entry: the reference count of the cluster is exactly one (QCOW_OFLAG_COPIED). */
const COPIED = 1n << 63n;

export interface Backing {
  /** The name that the image stores, such as "disk.img". */
  name: string;
  format: string;
}

/** Number of clusters of each part, in the order of the image; total includes header and data. */
interface Layout {
  refcountTable: number;
  refcountBlocks: number;
  l1: number;
  l2: number;
  total: number;
}

/** @param size bytes of the disk  @param changed numbers of its blocks of 4096 bytes, ascending */
export async function* qcow2(size: number, changed: readonly number[], backing: Backing,
  read: (block: number) => Uint8Array): AsyncGenerator<Uint8Array> {
  const tables = [...new Set(changed.map((block) => Math.floor(block / PER_TABLE)))];
  const l1Entries = Math.max(1, Math.ceil(size / CLUSTER / PER_TABLE));
  if (l1Entries > L1_ENTRIES_MAX)
    throw new FsError(errno.EFBIG, 'exportChanges', backing.name,
      'changes of disks above 8 TiB cannot be stored in this format');
  const layout = plan(l1Entries, tables.length, changed.length);
  const firstL1 = 1 + layout.refcountTable + layout.refcountBlocks;
  const firstL2 = firstL1 + layout.l1;
  const firstData = firstL2 + layout.l2;

  yield header(size, l1Entries, layout, firstL1, backing);
  yield entries(layout.refcountTable, layout.refcountBlocks, (i) => [i, clusterOffset(1 + layout.refcountTable + i)]);
  yield* refcounts(layout);
  yield entries(layout.l1, tables.length, (i) => [tables[i]!, clusterOffset(firstL2 + i) | COPIED]);
  yield* l2Tables(changed, firstData);
  for (let i = 0; i < changed.length; i += PART) {
    const some = changed.slice(i, i + PART);
    const data = new Uint8Array(some.length * CLUSTER);
    some.forEach((block, n) => data.set(read(block), n * CLUSTER));
    yield data;
  }
}

function clusterOffset(cluster: number): bigint {
  return BigInt(cluster) << BigInt(BITS);
}

/** The clusters of the reference counts are counted themselves: repeat until the sizes fit. */
function plan(l1Entries: number, l2: number, data: number): Layout {
  const l1 = Math.ceil(l1Entries / PER_TABLE);
  let refcountTable = 1;
  let refcountBlocks = 1;

  for (;;) {
    const total = 1 + refcountTable + refcountBlocks + l1 + l2 + data;
    const blocks = Math.ceil(total / PER_REFCOUNT_BLOCK);
    const table = Math.ceil(blocks / PER_TABLE);
    if (blocks === refcountBlocks && table === refcountTable)
      return { refcountTable, refcountBlocks, l1, l2, total };
    refcountBlocks = blocks;
    refcountTable = table;
  }
}

function header(size: number, l1Entries: number, layout: Layout, firstL1: number, backing: Backing) {
  const data = new Uint8Array(CLUSTER);
  const view = new DataView(data.buffer);
  const encoder = new TextEncoder();
  const format = encoder.encode(backing.format);
  const name = encoder.encode(backing.name);
  // Before the name: the header, the extension with the format, the end mark of the extensions.
  const nameAt = HEADER + 8 + Math.ceil(format.length / 8) * 8 + 8;

  if (name.length > 1023)
    throw new RangeError(`${backing.name}: the name of the backing file is too long`);
  view.setUint32(0, 0x514649fb);
  view.setUint32(4, 3);
  view.setBigUint64(8, BigInt(nameAt));
  view.setUint32(16, name.length);
  view.setUint32(20, BITS);
  view.setBigUint64(24, BigInt(Math.ceil(size / 512) * 512));
  view.setUint32(36, l1Entries);
  view.setBigUint64(40, clusterOffset(firstL1));
  view.setBigUint64(48, clusterOffset(1));
  view.setUint32(56, layout.refcountTable);
  view.setUint32(96, 4);
  view.setUint32(100, HEADER);
  view.setUint32(HEADER, BACKING_FORMAT);
  view.setUint32(HEADER + 4, format.length);
  data.set(format, HEADER + 8);
  data.set(name, nameAt);
  return data;
}

/** A table of @clusters clusters with @nr entries; @entry returns the index and value of each. */
function entries(clusters: number, nr: number, entry: (i: number) => [number, bigint]): Uint8Array {
  const data = new Uint8Array(clusters * CLUSTER);
  const view = new DataView(data.buffer);

  for (let i = 0; i < nr; i++) {
    const [place, value] = entry(i);
    view.setBigUint64(8 * place, value);
  }
  return data;
}

function* refcounts({ refcountBlocks, total }: Layout) {
  for (let block = 0; block < refcountBlocks; block++) {
    const data = new Uint8Array(CLUSTER);
    const nr = Math.min(PER_REFCOUNT_BLOCK, total - block * PER_REFCOUNT_BLOCK);
    for (let i = 0; i < nr; i++)
      data[2 * i + 1] = 1;
    yield data;
  }
}

function* l2Tables(changed: readonly number[], firstData: number) {
  for (let i = 0; i < changed.length;) {
    const table = Math.floor(changed[i]! / PER_TABLE);
    const start = i;
    while (i < changed.length && Math.floor(changed[i]! / PER_TABLE) === table)
      i++;
    yield entries(1, i - start, (n) =>
      [changed[start + n]! % PER_TABLE, clusterOffset(firstData + start + n) | COPIED]);
  }
}
