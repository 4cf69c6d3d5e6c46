// SPDX-License-Identifier: GPL-2.0
/*
 * layer.ts - the tree of a disk: devices, and the content of each
 *
 * The tree is that of lib/image/node.h: a container with one volume does not appear in paths; a
 * container with several volumes is a directory of their names.
 */
import type { Volume } from './mounts.js';

/** A block device of the kernel: a disk, a partition, an unlocked or a logical volume. */
export interface Layer {
  readonly path: string;
  /**
   * Index of the image that contains the device.  For a volume of a group or an array: index of the
   * image with the member below which it is shown.
   */
  readonly image: number;
  readonly dev: number;
  /** Bytes. */
  readonly size: number;
  readonly writable: boolean;
  /** A device with the same bytes, whose changes stay in memory. */
  shadow(): Promise<number>;
  /** The content of the device, once it was probed. */
  inside: Inside | null;
}

export type Inside =
  | { kind: 'filesystem'; volume: Volume }
  /**
   * @content libblkid's name of the container; "": the partition table.  @path the path that shows
   * its entries
   */
  | { kind: 'list'; content: string; path: string; nodes: Node[]; label: string; uuid: string }
  /** An encrypted volume that was unlocked, or a member of an array. */
  | { kind: 'device'; content: string; layer: Layer }
  | { kind: 'locked'; content: string }
  /** @content swap ...; "": not known */
  | { kind: 'other'; content: string };

/** A named entry of the tree, whose device is made when it is first opened. */
export class Node {
  layer: Layer | null = null;

  constructor(readonly kind: 'disk' | 'partition' | 'volume', readonly path: string,
    readonly name: string, readonly index: number, readonly offset: number,
    readonly size: number, private readonly makeLayer: (node: Node) => Promise<Layer>) {}

  async open(): Promise<Layer> {
    this.layer ??= await this.makeLayer(this);
    return this.layer;
  }
}
