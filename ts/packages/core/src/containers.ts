// SPDX-License-Identifier: GPL-2.0
/*
 * containers.ts - volumes inside devices: LUKS, BitLocker and LVM2
 *
 * volumes.wasm reads the headers and maps devices with the kernel's device mapper.  Mapping
 * snapshots and thin pools of LVM2 writes to the members, so the volumes of a read-only disk
 * are mapped over devices whose changes stay in memory.  All functions: only inside
 * Calls.run().
 */
import type { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { otherContent } from './labels.js';
import { type Inside, type Layer, Node } from './layer.js';
import { joinPath } from './paths.js';
import { VolumesModule } from './volumes-module.js';

export interface UnlockOptions {
  /** Limit of the memory of key derivation, MiB; 2048 by default. */
  kdfMemory?: number;
  /** Limit of the estimated time of key derivation, seconds; 60 by default. */
  kdfSeconds?: number;
}

const KDF_MEMORY = 2048;
export const LUKS = 'crypto_LUKS';
export const BITLOCKER = 'BitLocker';
export const LVM = 'LVM2_member';

export class Containers {
  private module: VolumesModule | null = null;
  /** Physical volumes by device, with the module's numbers. */
  private readonly members = new Map<number, { layer: Layer; number: number }>();
  private readonly groups = new Map<number, Inside>();

  constructor(private readonly devices: Devices) {}

  /** Unlock the volume in @layer, LUKS or BITLOCKER: the device with its content. */
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
      path: layer.path, dev, size: await this.devices.size(dev), writable: layer.writable,
      inside: null,
      // Called for read-only layers only.
      shadow: async () => shadow ??= await this.mapCrypt(volume, layer, await layer.shadow(), false),
    };
  }

  /** The volumes of the group whose member @layer is; @others may be members, too. */
  async group(layer: Layer, others: readonly Layer[]): Promise<Inside> {
    const m = this.module ??= await VolumesModule.create(this.devices);
    const first = await this.member(layer);

    for (const other of others) {
      if (this.members.has(other.dev))
        continue;
      const data = await this.devices.firstBytes(other.dev, other.path);
      // A member that cannot be read is reported when it is entered.
      if (otherContent(data) === LVM)
        await this.member(other).catch(() => {});
    }
    const shown = this.groups.get(m.exports.groupOf(first));
    if (shown)
      return shown;
    const handle = await m.with(layer.path, (object) => m.calls.openGroup(object, first));
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

  /** Remove the mapped devices. */
  async close(): Promise<void> {
    const m = this.module;
    const ret = m ? await m.calls.close() : 0;

    if (ret < 0)
      throw new FsError(-ret, 'close', this.devices.source.name);
  }

  /** The unlocked volume as volumes.wasm describes it. */
  private async findKey(layer: Layer, content: string, secret: Uint8Array, options: UnlockOptions) {
    const { kdfMemory = KDF_MEMORY, kdfSeconds = 0 } = options;
    // Memory of WebAssembly is only freed with its instance, and Argon2 takes much of it.
    const m = await VolumesModule.create(this.devices);

    const ret = await m.with(secret, (addr) => m.calls.unlock(Number(content === BITLOCKER),
      layer.dev, layer.size, addr, secret.length, kdfMemory * 1024, kdfSeconds));
    m.check(ret === -errno.ENOKEY ? -errno.EKEYREJECTED : ret, 'unlock', layer.path);
    const at = m.exports.volume();
    const volume = m.bytes.slice(at, at + m.exports.volumeSize());
    m.bytes.fill(0, at, at + volume.length);
    return volume;
  }

  private async mapCrypt(volume: Uint8Array, layer: Layer, dev: number, readOnly: boolean) {
    const m = this.module ??= await VolumesModule.create(this.devices);
    const at = m.exports.volume();

    m.bytes.set(volume, at);
    try {
      return m.check(await m.with(layer.path, (object) =>
        m.calls.mapCrypt(object, dev, layer.size, Number(readOnly))), 'unlock', layer.path);
    } finally {
      m.bytes.fill(0, at, at + volume.length);
    }
  }

  private async member(layer: Layer): Promise<number> {
    const m = this.module!;
    let member = this.members.get(layer.dev);

    if (!member) {
      const number = await m.with(layer.path, (object) =>
        m.calls.addMember(object, layer.dev, layer.size));
      member = { layer, number: m.check(number, 'open', layer.path) };
      this.members.set(layer.dev, member);
    }
    return member.number;
  }

  private async useShadows(handle: number): Promise<void> {
    const { exports } = this.module!;

    for (const { layer, number } of this.members.values())
      if (!layer.writable && exports.groupOf(number) === handle)
        exports.replaceDevice(handle, number, await layer.shadow());
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
      // These cannot be entries of a directory.
      if (name !== '.' && name !== '..')
        found.push(new Node('volume', joinPath(member.path, name), name, index, 0,
          view.getFloat64(16, true), (node) => this.volume(handle, node, member.writable)));
    }
  }

  private async volume(handle: number, { path, index, size }: Node, writable: boolean): Promise<Layer> {
    const m = this.module!;
    const dev = m.check(await m.calls.openVolume(handle, index), 'open', path);

    // A volume of a read-only disk is mapped over shadows, so it is its own shadow.
    return { path, dev, size, writable, inside: null, shadow: async () => dev };
  }
}
