// SPDX-License-Identifier: GPL-2.0
/*
 * memory.ts - the kernel's memory: numbers, strings, and space for the host's own use
 *
 * The memory never grows after the start, so the views stay valid.
 */
const PAGE = 65536;
const HIGH = 2 ** 32;
const encoder = new TextEncoder();
/** Byte order marks are kept, because file names may begin with one. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Memory {
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  private next = 0;

  /** @param size bytes, rounded up to 64 KiB */
  constructor(size: number) {
    const pages = Math.ceil(size / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.view = new DataView(this.memory.buffer);
  }

  u32(addr: number): number {
    return this.view.getUint32(addr, true);
  }

  setU32(addr: number, value: number): void {
    this.view.setUint32(addr, value, true);
  }

  // Without BigInt, which is slow.

  u64(addr: number): number {
    return this.u32(addr + 4) * HIGH + this.u32(addr);
  }

  i64(addr: number): number {
    return this.view.getInt32(addr + 4, true) * HIGH + this.u32(addr);
  }

  setI64(addr: number, value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.view.setBigInt64(addr, value, true);
      return;
    }
    const high = Math.floor(value / HIGH);
    this.setU32(addr, value - high * HIGH);
    this.setU32(addr + 4, high);
  }

  text(addr: number, len: number): string {
    return decoder.decode(this.bytes.subarray(addr, addr + len));
  }

  /** The string at @addr, which ends with a zero byte. */
  cstring(addr: number): string {
    return this.text(addr, this.bytes.indexOf(0, addr) - addr);
  }

  /** Write @text with a zero byte at @addr; at most @room bytes. */
  setCstring(addr: number, text: string, room: number): void {
    const data = encoder.encode(text);
    if (data.length >= room)
      throw new RangeError(`a string of ${data.length} bytes is too long`);
    this.bytes.set(data, addr);
    this.bytes[addr + data.length] = 0;
  }

  /** Make reserve() allocate memory from @start on. */
  startAt(start: number): void {
    this.next = start;
  }

  /** Zeroed memory for as long as the instance lives. */
  reserve(len: number, align = 16): number {
    const addr = Math.ceil(this.next / align) * align;
    if (addr + len > this.bytes.length)
      throw new RangeError('the kernel was given too little memory');
    this.next = addr + len;
    return addr;
  }
}
