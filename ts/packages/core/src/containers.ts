// SPDX-License-Identifier: GPL-2.0
/*
 * containers.ts - volumes inside devices: LUKS, BitLocker, LVM2 and arrays
 *
 * volumes.wasm reads the headers, maps devices with the kernel's device mapper, and starts
 * arrays.  Mapping snapshots and thin pools of LVM2 and starting arrays writes to the members,
 * so the volumes of a read-only disk are mapped over devices whose changes stay in memory.  Call
 * all functions only inside Calls.run().
 */
import type { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { BITLOCKER, LVM, RAID } from './labels.js';
import { type Inside, type Layer, Node } from './layer.js';
import { joinPath } from './paths.js';
import { VolumesModule } from './volumes-module.js';

export interface UnlockOptions {
  /** Limit of the memory of key derivation, MiB; 2048 by default. */
  kdfMemory?: number;
  /** Limit of the estimated time of key derivation, seconds; 60 by default. */
  kdfSeconds?: number;
}

/** A search for the members of a group or an array, like lib/image/node-members.c. */
export interface MemberSearch {
  /** Take @layer if it is a member.  Returns true if the search need not look inside @layer. */
  take(layer: Layer, content: string): Promise<boolean>;
  isComplete(): Promise<boolean>;
}

/**
 * Runs a search over the devices of the image with the first member, and over other devices while
 * members are missing.
 */
export type FindMembers = (search: MemberSearch) => Promise<void>;

interface Member {
  layer: Layer;
  /** The number of the member in volumes.wasm. */
  number: number;
}

const KDF_MEMORY = 2048;

export class Containers {
  private module: VolumesModule | null = null;
  /** Physical volumes, and members of arrays, by device. */
  private readonly members = new Map<number, Member>();
  private readonly arrayMembers = new Map<number, Member>();
  private readonly groups = new Map<number, Inside>();
  private readonly arrays = new Map<number, Layer>();

  /**
   * @param degraded open groups and arrays that lack members, if the other members hold all data
   */
  constructor(private readonly devices: Devices, private readonly degraded: boolean) {}

  /** Unlock the volume in @layer; @content is LUKS or BITLOCKER.  Returns the decrypted device. */
  async unlock(layer: Layer, content: string, secret: Uint8Array, options: UnlockOptions): Promise<Layer> {
    const volume = await this.findKey(layer, content, secret, options);
    let shadow: number | null = null;
    let dev: number | null = null;

    try {
      dev = await this.mapCrypt(volume, layer, layer.dev, !layer.writable);
    } finally {
      // Read-only layers need the key again, for their shadow.
      if (layer.writable || dev === null)
        volume.fill(0);
    }
    return {
      path: layer.path, image: layer.image, dev, size: await this.devices.size(dev),
      writable: layer.writable, inside: null,
      // Called only if the layer is read-only.
      shadow: async () => shadow ??= await this.mapCrypt(volume, layer, await layer.shadow(), false),
    };
  }

  /** The volumes of the group that @layer is a member of. */
  async group(layer: Layer, find: FindMembers): Promise<Inside> {
    const m = await this.loaded();
    const { number } = await this.member(layer);
    const shown = this.groups.get(m.exports.groupOf(number));

    if (shown)
      return shown;
    await find({
      take: async (other, content) => {
        // A member that cannot be read is reported when it is entered.
        if (content === LVM)
          await this.member(other).catch(() => {});
        return content === LVM;
      },
      // Damaged metadata is reported by openGroup().
      isComplete: async () => await m.withCopy(layer.path, (object) =>
        m.calls.missingOfGroup(object, number)) === 0,
    });
    const handle = await m.withCopy(layer.path, (object) =>
      m.calls.openGroup(object, number, Number(this.degraded)));
    if (!handle)
      throw m.error(errno.EUCLEAN, 'open', layer.path);
    await this.useShadows(handle);
    const inside: Inside = {
      kind: 'list', content: LVM, path: layer.path, nodes: this.nodes(handle, layer),
      label: m.string(m.exports.groupName(handle)), uuid: m.string(m.exports.groupUuid(handle)),
    };
    this.groups.set(handle, inside);
    return inside;
  }

  /** The array that @layer is a member of; all members lead to the same device. */
  async array(layer: Layer, find: FindMembers): Promise<Inside> {
    const m = await this.loaded();
    const { number } = await this.arrayMember(layer);
    const shown = this.arrays.get(m.exports.arrayOf(number));

    if (shown)
      return { kind: 'device', content: RAID, layer: shown };
    await find({
      take: async (other, content) => {
        // A member that cannot be read counts as missing.
        const member = content === RAID ? await this.arrayMember(other).catch(() => null) : null;
        return member !== null && m.exports.isSameArray(number, member.number) !== 0;
      },
      isComplete: async () => m.check(m.exports.missingOfArray(number), 'open', layer.path) === 0,
    });
    const inside = await this.startArray(layer, number);
    this.arrays.set(inside.dev, inside);
    return { kind: 'device', content: RAID, layer: inside };
  }

  /** Remove the mapped devices. */
  async close(): Promise<void> {
    const m = this.module;
    const ret = m ? await m.calls.close() : 0;

    if (ret < 0)
      throw new FsError(-ret, 'close');
  }

  private async loaded(): Promise<VolumesModule> {
    return this.module ??= await VolumesModule.create(this.devices);
  }

  /** The description of the unlocked volume from volumes.wasm, which includes the key. */
  private async findKey(layer: Layer, content: string, secret: Uint8Array, options: UnlockOptions) {
    const { kdfMemory = KDF_MEMORY, kdfSeconds = 0 } = options;
    // The memory of WebAssembly is only freed together with the instance, and Argon2 needs much
    // memory.
    const m = await VolumesModule.create(this.devices);

    const ret = await m.withCopy(secret, (addr) => m.calls.unlock(Number(content === BITLOCKER),
      layer.dev, layer.size, addr, secret.length, kdfMemory * 1024, kdfSeconds));
    m.check(ret === -errno.ENOKEY ? -errno.EKEYREJECTED : ret, 'unlock', layer.path);
    const at = m.exports.volume();
    const volume = m.bytes.slice(at, at + m.exports.volumeSize());
    m.bytes.fill(0, at, at + volume.length);
    return volume;
  }

  private async mapCrypt(volume: Uint8Array, layer: Layer, dev: number, readOnly: boolean) {
    const m = await this.loaded();
    const at = m.exports.volume();

    m.bytes.set(volume, at);
    try {
      return m.check(await m.withCopy(layer.path, (object) =>
        m.calls.mapCrypt(object, dev, layer.size, Number(readOnly))), 'unlock', layer.path);
    } finally {
      m.bytes.fill(0, at, at + volume.length);
    }
  }

  private member(layer: Layer): Promise<Member> {
    return this.added(this.members, layer, 'addMember');
  }

  private arrayMember(layer: Layer): Promise<Member> {
    return this.added(this.arrayMembers, layer, 'addArrayMember');
  }

  /** Register a member with the module, once. */
  private async added(members: Map<number, Member>, layer: Layer, call: 'addMember' | 'addArrayMember') {
    const m = this.module!;
    let member = members.get(layer.dev);

    if (!member) {
      const number = await m.withCopy(layer.path, (object) =>
        m.calls[call](object, layer.dev, layer.size));
      member = { layer, number: m.check(number, 'open', layer.path) };
      members.set(layer.dev, member);
    }
    return member;
  }

  private async useShadows(handle: number): Promise<void> {
    const { exports } = this.module!;

    for (const { layer, number } of this.members.values())
      if (!layer.writable && exports.groupOf(number) === handle)
        exports.replaceDevice(handle, number, await layer.shadow());
  }

  private async startArray(layer: Layer, number: number): Promise<Layer> {
    const m = this.module!;
    const members = [...this.arrayMembers.values()]
      .filter((one) => m.exports.isSameArray(number, one.number));

    for (const one of members)
      if (!one.layer.writable)
        m.exports.replaceArrayDevice(one.number, await one.layer.shadow());
    const dev = m.check(await m.withCopy(layer.path, (object) =>
      m.calls.openArray(object, number, Number(this.degraded))), 'open', layer.path);
    return {
      path: layer.path, image: layer.image, dev, size: await this.devices.size(dev), inside: null,
      writable: members.every((one) => one.layer.writable),
      // The array of a read-only disk is over shadows, so it is its own shadow.
      shadow: async () => dev,
    };
  }

  private nodes(handle: number, member: Layer): Node[] {
    const m = this.module!;
    const found: Node[] = [];

    for (let index = 0; ; index++) {
      const at = m.exports.groupVolume(handle, index);
      if (!at)
        return found;
      const view = new DataView(m.exports.memory.buffer, at);
      const name = m.string(view.getUint32(0, true));
      // Volumes with these names cannot be shown as entries of a directory.
      if (name !== '.' && name !== '..')
        found.push(new Node('volume', joinPath(member.path, name), name, index, 0,
          view.getFloat64(16, true), (node) => this.volume(handle, node, member)));
    }
  }

  private async volume(handle: number, { path, index, size }: Node, { image, writable }: Layer) {
    const m = this.module!;
    const dev = m.check(await m.calls.openVolume(handle, index), 'open', path);

    // A volume of a read-only disk is mapped over shadows, so it is its own shadow.
    return { path, image, dev, size, writable, inside: null, shadow: async () => dev };
  }
}
