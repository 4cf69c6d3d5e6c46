// SPDX-License-Identifier: GPL-2.0
/*
 * damage.mjs - damaged copies of images
 *
 * The name of the image and the number of the copy determine the damage.
 */
function numbers(seed) {
  let state = [...seed].reduce((sum, c) => Math.imul(sum ^ c.charCodeAt(0), 16777619), 2166136261) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Copy number @copy of @content with changes in nonzero blocks, half of them in the first 24. */
export function damaged(content, name, copy) {
  const data = new Uint8Array(content);
  const next = numbers(`${name} ${copy}`);
  const used = [];

  for (let at = 0; at < data.length; at += 4096)
    if (data.subarray(at, at + 4096).some((byte) => byte))
      used.push(at);
  for (let places = 1 + next(24); places > 0; places--) {
    const at = used[next(next(2) ? used.length : Math.min(used.length, 24))] + next(4096);
    for (let i = 0; i < 1 + next(16) && at + i < data.length; i++)
      data[at + i] = next(4) ? next(256) : 255;
  }
  return data;
}
