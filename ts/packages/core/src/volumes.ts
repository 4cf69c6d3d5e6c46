// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.ts - the namespace of a disk: partitions, containers, file systems
 *
 * Paths are those of the C library: a disk without a partition table has its content at /,
 * and one with a table has partition 2 at /p2.  Content is looked at when a path first
 * enters it.  All functions: only inside Calls.run().
 */
import type { Calls } from './calls.js';
import { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { identity, otherContent } from './labels.js';
import { type Inside, type Layer, Node } from './layer.js';
import { Mounts, type Volume } from './mounts.js';
import type { Source } from './source.js';

export interface Partition {
  path: string;
  /** Number in the partition table; 0: the whole disk. */
  index: number;
  /** Of the disk, in bytes. */
  offset: number;
  /** Bytes. */
  size: number;
  /** The kernel's name of the mounted file system; null: none that it knows. */
  fstype: string | null;
  /** Of the file system; "": it has none, or it is not known. */
  label: string;
  uuid: string;
  /** "swap", "crypto_LUKS" ... if the partition has such content and no file system, else "". */
  content: string;
  /** Why a file system that was recognised cannot be mounted. */
  error: Error | null;
}

/** Where a path leads: a file system and the rest of the path in it, or a list of nodes. */
export type Place =
  | { volume: Volume; rest: string; list: null }
  | { volume: null; list: readonly Node[]; path: string };

export class Volumes {
  readonly devices: Devices;
  private readonly mounts: Mounts;
  private readonly disk: Node;

  constructor(private readonly calls: Calls, private readonly source: Source, disk: number,
    fstypes: readonly string[] | null) {
    this.devices = new Devices(calls, source, disk);
    this.mounts = new Mounts(calls, this.devices, fstypes);
    this.disk = new Node('disk', '/', '', 0, 0, source.size, (node) => this.partitionLayer(node));
  }

  /** What the partition table lists; the whole disk if there is no table. */
  async partitions(): Promise<Partition[]> {
    const disk = await this.disk.open();
    const table = disk.inside ??= await this.findTable();
    const found: Partition[] = [];

    for (const node of table?.kind === 'list' ? table.nodes : [this.disk])
      found.push(await this.describe(node));
    return found;
  }

  async place(path: string, call: string): Promise<Place> {
    let node = this.disk;

    for (let rest = path; ;) {
      const inside = await this.enter(node);
      rest = rest.replace(/^\/*(?:\.(?:\/+|$))*/, '');
      if (inside.kind === 'filesystem')
        return { volume: inside.volume, rest, list: null };
      if (inside.kind !== 'list')
        throw new FsError(errno.ENOENT, call, path, reasonFor(inside));
      // ".." stays here, as in the root directory of a file system.
      rest = rest.replace(/^(?:\.\.?(?:\/+|$))*/, '');
      const name = rest.split('/', 1)[0]!;
      if (!name)
        return { volume: null, list: inside.nodes, path: node.path };
      const next = inside.nodes.find((one) => one.name === name);
      if (!next)
        throw new FsError(errno.ENOENT, call, path);
      node = next;
      rest = rest.slice(name.length);
    }
  }

  /** Unmount all, and remove the disks. */
  async close(): Promise<void> {
    await this.mounts.close();
    await this.devices.close();
  }

  mounted(): readonly Volume[] {
    return this.mounts.all();
  }

  private get writable(): boolean {
    return this.source.write !== undefined;
  }

  /** What is in @node, the disk or what has a name. */
  private async enter(node: Node): Promise<Inside> {
    const layer = await node.open();

    if (node === this.disk)
      layer.inside ??= await this.findTable();
    return this.look(layer);
  }

  /** The list of partitions; null: the disk has no table. */
  private async findTable(): Promise<Inside | null> {
    const table = await this.devices.partitions();

    if (!table.length)
      return null;
    if (await this.devices.isHybrid())
      table.unshift({ index: 0, offset: 0, size: this.source.size });
    const nodes = table.map(({ index, offset, size }) => new Node('partition', `/p${index}`,
      `p${index}`, index, offset, size, (node) => this.partitionLayer(node)));
    return { kind: 'list', content: '', nodes, label: '', uuid: '' };
  }

  private async partitionLayer(node: Node): Promise<Layer> {
    const { devices, writable } = this;
    const { path, index, size } = node;
    const dev = await (index || path === '/' ? devices.partition(index) : devices.whole());

    return { path, dev, size, writable, shadow: () => devices.shadow(index), inside: null };
  }

  /** What is in @layer; a mount that fails is tried again. */
  private async look(layer: Layer): Promise<Inside> {
    layer.inside ??= await this.find(layer);
    return layer.inside;
  }

  private async find(layer: Layer): Promise<Inside> {
    const data = await this.devices.firstBytes(layer.dev, layer.path);
    const volume = await this.mounts.mount(layer, data);

    return volume ? { kind: 'filesystem', volume } :
      { kind: 'other', content: otherContent(data) };
  }

  private async describe(node: Node): Promise<Partition> {
    const { path, index, offset, size } = node;
    const found: Partition = {
      path, index, offset, size, fstype: null, label: '', uuid: '', content: '', error: null,
    };

    try {
      const layer = await node.open();
      const inside = await this.look(layer);
      if (inside.kind === 'filesystem')
        found.fstype = inside.volume.fstype;
      else
        found.content = inside.content;
      const data = await this.devices.firstBytes(layer.dev, path);
      Object.assign(found, identity(data, found.fstype ?? found.content));
    } catch (error) {
      if (this.calls.kernel.death)
        throw error;
      found.error = error as Error;
    }
    return found;
  }
}

function reasonFor({ content }: { content: string }): string {
  return content ? `it contains ${content}` : 'no file system is recognised';
}
