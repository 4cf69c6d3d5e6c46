// SPDX-License-Identifier: GPL-2.0
/*
 * devices.ts - the block devices of this computer
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { BlockDevice, BlockDevices } from './bridge.js';

/** Directories in which the kernel describes devices; tests pass others. */
export interface LinuxPlaces {
  sys: string;
  dev: string;
  proc: string;
}

const PLACES: LinuxPlaces = { sys: '/sys', dev: '/dev', proc: '/proc' };
/** The unit of sizes in /sys, in bytes. */
const SECTOR = 512;

export async function listDevices(): Promise<BlockDevices> {
  switch (process.platform) {
    case 'linux':
      return linuxDevices();
    case 'darwin':
      return macDevices(await macList());
    default:
      return {
        devices: [],
        note: 'The disks of this computer cannot be listed on this system. Make an image of the disk, and open that.',
      };
  }
}

/** Bytes of the device at @path. */
export async function deviceSize(path: string): Promise<number> {
  if (process.platform === 'linux')
    return await readNumber(join(PLACES.sys, 'class/block', basename(path), 'size')) * SECTOR;
  const found = (await listDevices()).devices.find((one) => one.path === path);
  if (!found)
    throw new Error(`${path}: its size is not known`);
  return found.size;
}

export async function linuxDevices(places = PLACES): Promise<BlockDevices> {
  const devices: BlockDevice[] = [];
  const used = await usedDevices(places);

  for (const name of (await readdir(join(places.sys, 'block'))).sort()) {
    const about = join(places.sys, 'block', name);
    const size = await readNumber(join(about, 'size')) * SECTOR;
    // Skip memory disks, and loop devices and card readers without a medium.
    if (!size || /^(ram|zram)\d/.test(name))
      continue;
    const parts = (await readdir(about)).filter((entry) => entry.startsWith(name));
    // "!" stands for "/" in names of the kernel.
    const path = join(places.dev, name.replaceAll('!', '/'));
    devices.push({
      path, size, model: await modelOf(about),
      removable: await readNumber(join(about, 'removable')) === 1,
      readOnly: await readNumber(join(about, 'ro')) === 1,
      mounted: [name, ...parts].some((one) => used.has(one)),
      readable: await mayRead(path),
    });
  }
  const refused = devices.filter(({ readable }) => !readable).map(({ path }) => path);
  return {
    devices,
    note: !refused.length ? '' : `You have no permission to read ${refused.join(', ')}. ` +
      'An administrator can allow it: sudo setfacl -m u:$USER:r DEVICE gives the right until the next start.',
  };
}

/**
 * Names of devices that are mounted or used as swap, directly or below device-mapper and RAID
 * devices.
 */
async function usedDevices({ sys, proc }: LinuxPlaces): Promise<Set<string>> {
  const used = new Set<string>();
  const add = async (name: string) => {
    if (used.has(name))
      return;
    used.add(name);
    for (const below of await listNames(join(sys, 'class/block', name, 'slaves')))
      await add(below);
  };
  const mounts = await readText(join(proc, 'self/mountinfo'));
  const swaps = await readText(join(proc, 'swaps'));

  for (const line of mounts.split('\n')) {
    // The third field is MAJOR:MINOR; /sys/dev/block has a link of this name to the device.
    const device = line.split(' ')[2];
    const uevent = device ? await readText(join(sys, 'dev/block', device, 'uevent')) : '';
    const name = /^DEVNAME=(.*)$/m.exec(uevent)?.[1];
    if (name)
      await add(name.replaceAll('/', '!'));
  }
  for (const line of swaps.split('\n'))
    if (line.startsWith('/dev/'))
      await add(basename(line.split(/\s/, 1)[0]!));
  return used;
}

/** Whether the device at @path, or a part of it, is in use by this computer. */
export async function isUsed(path: string): Promise<boolean> {
  const { devices } = await listDevices();
  const whole = devices.find((one) => one.path === path);

  if (whole)
    return whole.mounted;
  // @path is a partition.  Only Linux reports its state; elsewhere assume that it is in use.
  return process.platform === 'linux' ? (await usedDevices(PLACES)).has(basename(path)) : true;
}

/** The fields of the output of diskutil that are used here. */
export interface MacList {
  AllDisksAndPartitions: readonly MacDisk[];
}

interface MacDisk {
  DeviceIdentifier: string;
  Size: number;
  Content?: string;
  OSInternal?: boolean;
  MountPoint?: string;
  Partitions?: readonly MacDisk[];
  APFSVolumes?: readonly MacDisk[];
}

export async function macDevices(list: MacList): Promise<BlockDevices> {
  const devices: BlockDevice[] = [];

  for (const disk of list.AllDisksAndPartitions) {
    const path = `/dev/${disk.DeviceIdentifier}`;
    devices.push({
      path, size: disk.Size, model: disk.Content ?? '', removable: false, readOnly: false,
      mounted: isMounted(disk), readable: await mayRead(path),
    });
  }
  return {
    devices,
    note: devices.every(({ readable }) => readable) ? '' : 'Only administrators may read disks on macOS: ' +
      'make an image with "hdiutil create -srcdevice DEVICE image.dmg", and open that.',
  };
}

function isMounted({ MountPoint, Partitions = [], APFSVolumes = [] }: MacDisk): boolean {
  return MountPoint !== undefined || [...Partitions, ...APFSVolumes].some(isMounted);
}

/** diskutil writes a property list, which plutil converts. */
async function macList(): Promise<MacList> {
  const list = await runProgram('/usr/sbin/diskutil', ['list', '-plist']);
  return JSON.parse(await runProgram('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '-'], list)) as MacList;
}

function runProgram(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 16 << 20 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout));
    child.stdin?.end(input);
  });
}

async function mayRead(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

async function modelOf(about: string): Promise<string> {
  const words = [await readText(join(about, 'device/vendor')), await readText(join(about, 'device/model'))];
  return words.map((word) => word.trim()).filter((word) => word && word !== 'ATA').join(' ');
}

/** The content of a file; "" if it cannot be read. */
async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function readNumber(path: string): Promise<number> {
  return Number(await readText(path)) || 0;
}

async function listNames(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
