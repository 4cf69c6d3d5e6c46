// SPDX-License-Identifier: GPL-2.0
/*
 * line-ends.ts - keep the ends of lines while a text is edited with LF alone
 */
type LineEnd = '\n' | '\r\n' | '\r';

export interface SplitText {
  /** The text with LF as the only line end. */
  value: string;
  /** The line end of each line except the last one. */
  ends: readonly LineEnd[];
}

export function linesOf(text: string): SplitText {
  return { value: text.replace(/\r\n?/g, '\n'), ends: text.match(/\r\n|\r|\n/g) as LineEnd[] | null ?? [] };
}

/** The kinds of line ends; the most frequent one first. */
export function kindsOf({ ends }: SplitText): LineEnd[] {
  const count = (kind: LineEnd) => ends.reduce((sum, end) => sum + Number(end === kind), 0);
  const counted = (['\n', '\r\n', '\r'] as const).map((kind) => ({ kind, count: count(kind) }));

  return counted.filter((one) => one.count).sort((a, b) => b.count - a.count).map(({ kind }) => kind);
}

/** The edited text @value with the line ends of @original; new lines get the most frequent one. */
export function withEnds(value: string, original: SplitText): string {
  const [most = '\n', ...others] = kindsOf(original);

  if (!others.length)
    return most === '\n' ? value : value.replace(/\n/g, most);
  const before = original.value.split('\n');
  const now = value.split('\n');
  const shorter = Math.min(before.length, now.length);
  let same = 0;
  let tail = 0;
  while (same < shorter && before[same] === now[same])
    same++;
  while (tail < shorter - same && before.at(-1 - tail) === now.at(-1 - tail))
    tail++;
  const last = now.length - 1;
  return now.map((line, i) => {
    // Lines after the changed part are matched from the end.
    const was = i < now.length - tail ? i : i + before.length - now.length;
    const changed = i >= before.length - tail && i < now.length - tail;
    return i === last ? line : line + (changed ? most : original.ends[was] ?? most);
  }).join('');
}
