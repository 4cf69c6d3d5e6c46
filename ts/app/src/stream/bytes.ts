// SPDX-License-Identifier: GPL-2.0
/*
 * bytes.ts - join parts of bytes, and cut a sequence of them
 */

/** All @parts in one array; a single part is not copied. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1)
    return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The first @size bytes of @parts.  If there are fewer, throw @short(). */
export async function* firstBytes(parts: AsyncIterable<Uint8Array>, size: number,
  short: () => Error): AsyncGenerator<Uint8Array> {
  let left = size;

  for await (const part of parts) {
    const used = part.subarray(0, left);
    left -= used.length;
    if (used.length)
      yield used;
    if (!left)
      return;
  }
  if (left)
    throw short();
}
