// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.ts - the namespace of images: partitions, containers, file systems
 *
 * Paths are those of the C library: a disk without a partition table has its content at /,
 * and one with a table has partition 2 at /p2.  With several images the first one is /disk0.
 * The content of a partition or volume is probed when a path first leads through it.  Call
 * all functions only inside Calls.run().
 */
import type { Calls } from './calls.js';
import { Containers, type MemberSearch, type UnlockOptions } from './containers.js';
import { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { HostDisk } from './host-disk.js';
import { BITLOCKER, LUKS, LVM, RAID, identity, otherContent } from './labels.js';
import { type Inside, type Layer, Node } from './layer.js';
import { Mounts, type Volume } from './mounts.js';
import { joinPath } from './paths.js';
import { candidates } from './probe.js';
import type { Source } from './source.js';

export interface Partition {
  /** "volume": a logical volume of LVM2 */
  kind: 'disk' | 'partition' | 'volume';
  path: string;
  /** Number in the partition table; 0: the whole disk.  For a volume: its position in its group. */
  index: number;
  /** Offset in the disk, in bytes; 0 for volumes. */
  offset: number;
  /** Bytes. */
  size: number;
  /** The kernel's name for the type of the file system; null: the kernel recognises none. */
  fstype: string | null;
  /** Label of the file system; "": none, or not known. */
  label: string;
  uuid: string;
  /**
   * Content that is not a file system: "swap", "crypto_LUKS", "LVM2_member" ...  It stays the same
   * when an encrypted volume is unlocked.  "": a file system without a container, or not known.
   */
  content: string;
  /** An encrypted volume whose content can be read after Disk.unlock(). */
  locked: boolean;
  /** Why a file system that was recognised cannot be mounted. */
  error: Error | null;
}

/** Where a path leads: a file system and the rest of the path in it, or a list of nodes. */
export type Place =
  | { volume: Volume; rest: string; list: null }
  | { volume: null; list: readonly Node[]; path: string };

/** A source, and the number of its disk in the kernel. */
export interface KernelDisk {
  source: Source;
  disk: number;
}

export interface VolumesOptions {
  /** Show each image as a directory, even if there is only one image. */
  directories: boolean;
  fstypes: readonly string[] | null;
  /** Open groups and arrays that lack members, if the other members hold all data. */
  degraded: boolean;
}

/** An image, and its node in the tree. */
interface Image {
  host: HostDisk;
  node: Node;
}

export class Volumes {
  readonly devices: Devices;
  private readonly mounts: Mounts;
  private readonly containers: Containers;
  private readonly images: Image[];
  private readonly root: Node;
  /** Devices whose content is being probed. */
  private readonly looking = new Set<Layer>();

  constructor(private readonly calls: Calls, disks: readonly KernelDisk[],
    { directories, fstypes, degraded }: VolumesOptions) {
    this.devices = new Devices(calls);
    this.mounts = new Mounts(calls, this.devices, fstypes);
    this.containers = new Containers(this.devices, degraded);
    this.images = disks.map(({ source, disk }, i) => {
      const host = new HostDisk(this.devices, source, disk);
      const name = directories ? `disk${i}` : '';
      const node = new Node('disk', `/${name}`, name, 0, 0, source.size, (it) => this.diskLayer(i, it));
      return { host, node };
    });
    this.root = directories ? this.listOfImages() : this.images[0]!.node;
  }

  /** The disk of the image @index. */
  image(index: number): HostDisk {
    const image = this.images[index];

    if (!image)
      throw new RangeError(`there is no image ${index}: ${this.images.length} were opened`);
    return image.host;
  }

  /** Partitions of the tables, or whole disks, each followed by the volumes in it. */
  async partitions(): Promise<Partition[]> {
    const found: Partition[] = [];

    for (const image of this.images)
      for (const node of await this.partsOf(image))
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

  /** Unlock the encrypted volume at @path, unless it is already unlocked. */
  async unlock(path: string, secret: Uint8Array, options: UnlockOptions): Promise<void> {
    const { layer, inside, node } = await this.walk(path, 'unlock');

    if (inside.kind !== 'locked') {
      if (isUnlocked(node))
        return;
      throw new FsError(errno.EINVAL, 'unlock', path, 'it is not an encrypted volume');
    }
    const { content } = inside;
    layer.inside = {
      kind: 'device', content, layer: await this.containers.unlock(layer, content, secret, options),
    };
  }

  /**
   * Follow @path through lists of partitions and volumes.  Returns the last node, its content, and
   * the rest of the path.
   */
  private async walk(path: string, call: string) {
    let node = this.root;

    for (let rest = path; ;) {
      const { layer, inside } = await this.enter(node);
      rest = rest.replace(/^\/*(?:\.(?:\/+|$))*/, '');
      if (inside.kind !== 'list')
        return { node, layer, inside, rest };
      // In a list, ".." is the list itself, as in the root directory of a file system.
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

  /** Unmount all file systems, and remove the disks. */
  async close(): Promise<void> {
    await this.mounts.close();
    await this.containers.close();
    for (const { host } of this.images)
      await host.close();
  }

  mounted(): readonly Volume[] {
    return this.mounts.all();
  }

  /** Go through nested devices: the innermost layer of @node, and its content. */
  private async enter(node: Node): Promise<{ layer: Layer; inside: Inside }> {
    for (let layer = await node.open(); ;) {
      // A mount that failed is tried again when the path is next used.
      const inside = await this.readContent(layer);
      if (inside.kind !== 'device')
        return { layer, inside };
      layer = inside.layer;
    }
  }

  /** The node whose entries are the images. */
  private listOfImages(): Node {
    const inside: Inside = {
      kind: 'list', content: '', path: '/', nodes: this.images.map(({ node }) => node), label: '', uuid: '',
    };
    const none = () => Promise.reject(new FsError(errno.ENODEV, 'open', '/'));

    return new Node('disk', '/', '', 0, 0, 0, async () =>
      ({ path: '/', image: 0, dev: 0, size: 0, writable: false, shadow: none, inside }));
  }

  /** The nodes of the partitions, or the node of the whole disk. */
  private async partsOf({ node }: Image): Promise<readonly Node[]> {
    const { inside } = await node.open();

    return inside?.kind === 'list' && !inside.content ? inside.nodes : [node];
  }

  private async diskLayer(image: number, { path, size }: Node): Promise<Layer> {
    const { host } = this.images[image]!;
    const inside = await this.findTable(image, path);

    return {
      path, image, dev: await host.partition(0), size, writable: host.source.write !== undefined,
      shadow: () => host.shadow(0), inside,
    };
  }

  /** The partitions as a list; null: the disk has no partition table. */
  private async findTable(image: number, path: string): Promise<Inside | null> {
    const { host } = this.images[image]!;
    const table = await host.partitions();

    if (!table.length)
      return null;
    const whole = await host.isHybrid() ? [{ index: 0, offset: 0, size: host.source.size }] : [];
    const nodes = [...whole, ...table].map(({ index, offset, size }) => new Node('partition',
      joinPath(path, `p${index}`), `p${index}`, index, offset, size,
      (node) => this.partitionLayer(image, node)));
    return { kind: 'list', content: '', path, nodes, label: '', uuid: '' };
  }

  private async partitionLayer(image: number, { path, index, size }: Node): Promise<Layer> {
    const { host } = this.images[image]!;
    const dev = await (index ? host.partition(index) : host.whole());

    return {
      path, image, dev, size, writable: host.source.write !== undefined,
      shadow: () => host.shadow(index), inside: null,
    };
  }

  /** The content of @layer, probed when it is first needed. */
  private async readContent(layer: Layer): Promise<Inside> {
    if (layer.inside)
      return layer.inside;
    this.looking.add(layer);
    try {
      return layer.inside = await this.detectContent(layer);
    } finally {
      this.looking.delete(layer);
    }
  }

  private async detectContent(layer: Layer): Promise<Inside> {
    const data = await this.devices.firstBytes(layer.dev, layer.path);
    const content = await this.devices.otherContent(layer.dev, layer.size, data, layer.path);

    if (content === LUKS || content === BITLOCKER)
      return { kind: 'locked', content };
    if (content === LVM)
      return this.containers.group(layer, (search) => this.findMembers(layer, search));
    if (content === RAID)
      return this.containers.array(layer, (search) => this.findMembers(layer, search));
    const volume = await this.mounts.mount(layer, data);
    return volume ? { kind: 'filesystem', volume } : { kind: 'other', content };
  }

  /**
   * Run @search over the devices that may be members, like lib/image/node-members.c.  Start
   * with the image that has @first; use other images only while members are missing, so that two
   * copies of an image are two separate groups.
   */
  private async findMembers(first: Layer, search: MemberSearch): Promise<void> {
    const own = this.images[first.image]!;

    await this.showImage(own, first, search, false);
    for (const image of [own, ...this.images.filter((one) => one !== own)])
      if (!await search.isComplete())
        await this.showImage(image, first, search, true);
  }

  /** Run @search over the devices of @image.  @param enter also look into arrays not open yet */
  private async showImage(image: Image, first: Layer, search: MemberSearch, enter: boolean) {
    for (const node of await this.partsOf(image)) {
      // The whole disk of a partitioned disk, p0, is not a member.
      let layer: Layer | null = node.kind === 'disk' || node.index ? await node.open() : null;
      while (layer && layer !== first)
        layer = await this.showLayer(layer, search, enter);
    }
  }

  /**
   * Let @search take @layer.  Returns the device inside @layer, which is searched next; null: the
   * search ends here.
   */
  private async showLayer(layer: Layer, search: MemberSearch, enter: boolean): Promise<Layer | null> {
    const data = await this.devices.firstBytes(layer.dev, layer.path);
    const content = await this.devices.otherContent(layer.dev, layer.size, data, layer.path);

    if (await search.take(layer, content))
      return null;
    if (enter && content === RAID && !this.looking.has(layer))
      // An array that cannot be started contains no usable members.
      await this.readContent(layer).catch(() => {});
    return layer.inside?.kind === 'device' ? layer.inside.layer : null;
  }

  /** Add @node and the volumes below it to @found. */
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
      if (outer?.kind === 'device' && outer.layer.path !== path) {
        // The array is listed below one of its members, and described there.
        part.content = outer.content;
        return;
      }
      part.locked = inside.kind === 'locked';
      if (inside.kind !== 'filesystem')
        part.content = inside.content;
      else
        part.fstype = inside.volume.fstype;
      if (outer?.kind === 'device' && !part.locked)
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

/** Whether an encrypted volume between @node and its content was unlocked. */
function isUnlocked(node: Node): boolean {
  let inside = node.layer?.inside;

  while (inside?.kind === 'device') {
    if (inside.content !== RAID)
      return true;
    inside = inside.layer.inside;
  }
  return false;
}
