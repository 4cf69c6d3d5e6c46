// SPDX-License-Identifier: GPL-2.0
/*
 * format-text.ts - sizes, modes, times and names as texts for users
 */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** "1.5 MiB" */
export function fmtBytes(bytes: number): string {
  let unit = 0;

  for (; bytes >= 1024 && unit < UNITS.length - 1; unit++)
    bytes /= 1024;
  return `${unit && bytes < 100 ? bytes.toFixed(1) : Math.round(bytes)} ${UNITS[unit]}`;
}

export const formatSize = fmtBytes;

const TYPES: Record<number, string> = {
  0o140000: 's', 0o120000: 'l', 0o100000: '-', 0o060000: 'b', 0o040000: 'd', 0o020000: 'c', 0o010000: 'p',
};

/** "drwxr-xr-x", like ls -l. */
export function fmtMode(mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => mode & (0o400 >> i) ? letter : '-');
  const special: [bit: number, at: number, letter: string][] = [
    [0o4000, 2, 's'], [0o2000, 5, 's'], [0o1000, 8, 't'],
  ];

  for (const [bit, at, letter] of special)
    if (mode & bit)
      bits[at] = bits[at] === '-' ? letter.toUpperCase() : letter;
  return (TYPES[mode & 0o170000] ?? '?') + bits.join('');
}

/** "2026-03-01 12:30:00" in local time, for seconds since 1970. */
export function fmtTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const pad2 = (number: number) => String(number).padStart(2, '0');

  return `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())} ` +
    `${pad2(date.getHours())}:${pad2(date.getMinutes())}:${pad2(date.getSeconds())}`;
}

/** "8:1": the numbers of a device; the argument is in Linux's encoding, of 32 bits or more. */
export function fmtDev(dev: number): string {
  const high = Math.floor(dev / 2 ** 32);
  const low = dev >>> 0;
  const major = ((low >>> 8) & 0xfff) + (high & ~0xfff);
  const minor = (low & 0xff) + ((low >>> 12) & ~0xff);

  return `${major}:${minor}`;
}

/** "archive.tar.gz" is ["archive.tar", ".gz"]; ".profile" has no extension. */
export function splitExt(name: string): [base: string, ext: string] {
  const dot = name.lastIndexOf('.');

  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}
