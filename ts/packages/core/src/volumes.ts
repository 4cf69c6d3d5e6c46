// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.ts - the namespace of a disk: partitions, containers, file systems
 *
 * Paths are those of the C library: a disk without a partition table has its content at /,
 * and one with a table has partition 2 at /p2.  Content is looked at when a path first
 * enters it.  All functions: only inside Calls.run().
 */
import type { Calls } from './calls.js';
import { BITLOCKER, Containers, LUKS, LVM, type UnlockOptions } from './containers.js';
import { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { identity, otherContent } from './labels.js';
import { type Inside, type Layer, Node } from './layer.js';
import { Mounts, type Volume } from './mounts.js';
import { candidates } from './probe.js';
import type { Source } from './source.js';

export interface Partition {
  /** "volume": a logical volume of LVM2 */
  kind: 'disk' | 'partition' | 'volume';
  path: string;
  /** Number in the partition table; 0: the whole disk.  Of a volume: its place in its group. */
  index: number;
  /** Of the disk, in bytes; 0 for volumes. */
  offset: number;
  /** Bytes. */
  size: number;
  /** The kernel's name of the mounted file system; null: none that it knows. */
  fstype: string | null;
  /** Of the file system; "": it has none, or it is not known. */
  label: string;
  uuid: string;
  /**
   * "swap", "crypto_LUKS", "LVM2_member" ..., also of an encrypted volume that was unlocked; "":
   * nothing but a file system, or not known.
   */
  content: string;
  /** Its content can be read after Disk.unlock(). */
  locked: boolean;
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
  private readonly containers: Containers;
  private readonly disk: Node;

  constructor(private readonly calls: Calls, private readonly source: Source, disk: number,
    fstypes: readonly string[] | null) {
    this.devices = new Devices(calls, source, disk);
    this.mounts = new Mounts(calls, this.devices, fstypes);
    this.containers = new Containers(this.devices);
    this.disk = new Node('disk', '/', '', 0, 0, source.size, (node) => this.partitionLayer(node));
  }

  /** Partitions of the table, or the whole disk, each with the volumes in it. */
  async partitions(): Promise<Partition[]> {
    const disk = await this.disk.open();
    const table = disk.inside ??= await this.findTable();
    const found: Partition[] = [];

    for (const node of table?.kind === 'list' && !table.content ? table.nodes : [this.disk])
      await this.describe(node, found);
    return found;
  }

  async place(path: string, call: string): Promise<Place> {
    const { node, inside, rest } = await this.walk(path, call);

    if (inside.kind === 'filesystem')
      return { volume: inside.volume, rest, list: null };
    if (inside.kind === 'list')
      return { volume: null, list: inside.nodes, path: node.path };
    if (inside.kind === 'locked')
      throw new FsError(errno.ENOKEY, call, path, `${inside.content} is locked`);
    throw new FsError(errno.ENOENT, call, path, inside.content ? `it contains ${inside.content}` :
      'no file system is recognised');
  }

  /** Unlock the encrypted volume at @path, if it is not yet. */
  async unlock(path: string, secret: Uint8Array, options: UnlockOptions): Promise<void> {
    const { layer, inside, node } = await this.walk(path, 'unlock');

    if (inside.kind !== 'locked') {
      if (node.layer && node.layer !== layer)
        return;
      throw new FsError(errno.EINVAL, 'unlock', path, 'it is not an encrypted volume');
    }
    const { content } = inside;
    layer.inside = {
      kind: 'unlocked', content, layer: await this.containers.unlock(layer, content, secret, options),
    };
  }

  /** Follow @path as far as lists lead: the node, what it contains, and the rest of the path. */
  private async walk(path: string, call: string) {
    let node = this.disk;

    for (let rest = path; ;) {
      const { layer, inside } = await this.enter(node);
      rest = rest.replace(/^\/*(?:\.(?:\/+|$))*/, '');
      if (inside.kind !== 'list')
        return { node, layer, inside, rest };
      // ".." of a list is the list itself, as in the root directory of a file system.
      rest = rest.replace(/^(?:\.\.?(?:\/+|$))*/, '');
      const name = rest.split('/', 1)[0]!;
      if (!name)
        return { node, layer, inside, rest };
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
    await this.containers.close();
    await this.devices.close();
  }

  mounted(): readonly Volume[] {
    return this.mounts.all();
  }

  private get writable(): boolean {
    return this.source.write !== undefined;
  }

  /** The deepest layer of @node, and its content. */
  private async enter(node: Node): Promise<{ layer: Layer; inside: Inside }> {
    let layer = await node.open();

    if (node === this.disk)
      layer.inside ??= await this.findTable();
    for (;;) {
      // A mount that fails is tried again.
      const inside = layer.inside ??= await this.find(layer);
      if (inside.kind !== 'unlocked')
        return { layer, inside };
      layer = inside.layer;
    }
  }

  /** The list of partitions; null: the disk has no table. */
  private async findTable(): Promise<Inside | null> {
    const table = await this.devices.partitions();

    if (!table.length)
      return null;
    const whole = await this.devices.isHybrid() ?
      [{ index: 0, offset: 0, size: this.source.size }] : [];
    const nodes = [...whole, ...table].map(({ index, offset, size }) => new Node('partition', `/p${index}`,
      `p${index}`, index, offset, size, (node) => this.partitionLayer(node)));
    return { kind: 'list', content: '', path: '/', nodes, label: '', uuid: '' };
  }

  private async partitionLayer(node: Node): Promise<Layer> {
    const { devices, writable } = this;
    const { path, index, size } = node;
    const dev = await (index || path === '/' ? devices.partition(index) : devices.whole());

    return { path, dev, size, writable, shadow: () => devices.shadow(index), inside: null };
  }

  private async find(layer: Layer): Promise<Inside> {
    const data = await this.devices.firstBytes(layer.dev, layer.path);
    const content = otherContent(data);

    if (content === LUKS || content === BITLOCKER)
      return { kind: 'locked', content };
    if (content === LVM)
      return this.containers.group(layer, await this.possibleMembers(layer));
    const volume = await this.mounts.mount(layer, data);
    return volume ? { kind: 'filesystem', volume } : { kind: 'other', content };
  }

  /** Devices that may be physical volumes of the same group as @layer: partitions, unlocked ones. */
  private async possibleMembers(layer: Layer): Promise<Layer[]> {
    const found: Layer[] = [];
    const disk = this.disk.layer?.inside;

    for (const node of disk?.kind === 'list' && !disk.content ? disk.nodes : []) {
      let one = node.index ? await node.open() : null;
      while (one?.inside?.kind === 'unlocked')
        one = one.inside.layer;
      if (one && one !== layer)
        found.push(one);
    }
    return found;
  }

  /** Add @node to @found, and the volumes that it shows. */
  private async describe(node: Node, found: Partition[]): Promise<void> {
    const { kind, path, index, offset, size } = node;
    const part: Partition = {
      kind, path, index, offset, size, fstype: null, label: '', uuid: '', content: '',
      locked: false, error: null,
    };

    found.push(part);
    try {
      const { layer, inside } = await this.enter(node);
      const outer = node.layer?.inside;
      part.locked = inside.kind === 'locked';
      if (inside.kind !== 'filesystem')
        part.content = inside.content;
      else
        part.fstype = inside.volume.fstype;
      if (outer?.kind === 'unlocked')
        part.content = outer.content;
      if (inside.kind === 'list') {
        Object.assign(part, { label: inside.label, uuid: inside.uuid });
        for (const child of inside.path === path ? inside.nodes : [])
          await this.describe(child, found);
        return;
      }
      const data = await this.devices.firstBytes(layer.dev, path);
      // A file system that cannot be mounted can still have a label.
      const type = part.fstype ?? (otherContent(data) || candidates(data)[0]);
      Object.assign(part, identity(data, type ?? ''));
    } catch (error) {
      if (this.calls.kernel.death)
        throw error;
      part.error = error as Error;
    }
  }
}
