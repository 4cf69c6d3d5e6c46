// SPDX-License-Identifier: GPL-2.0
/*
 * electron-devices.mjs ROOT - list the block devices that ROOT/sys, ROOT/dev and ROOT/proc describe
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { load } from './electron/program.mjs';

const [root] = process.argv.slice(2);
const { linuxDevices, listDevices, macDevices } = await load('devices.js');
const at = (name) => join(root, name);
const { devices, note } = await linuxDevices({ sys: at('sys'), dev: at('dev'), proc: at('proc') });

assert.deepEqual(devices.map(({ path, ...about }) => [path.slice(root.length + 1), about]), [
  ['dev/cciss/c0d0', { model: '', size: 512 * 100, removable: false, readOnly: false, mounted: false, readable: true }],
  ['dev/sda', { model: 'Example Disk', size: 512 * 2000, removable: false, readOnly: false, mounted: true, readable: true }],
  ['dev/sdb', { model: 'Stick', size: 512 * 500, removable: true, readOnly: true, mounted: false, readable: false }],
  ['dev/sdc', { model: '', size: 512 * 300, removable: false, readOnly: false, mounted: true, readable: true }],
]);
assert.match(note, /no permission to read .*sdb\./);
assert.match(note, /setfacl/);

const mac = await macDevices({
  AllDisksAndPartitions: [
    { DeviceIdentifier: 'disk0', Size: 1000, Content: 'GUID_partition_scheme',
      Partitions: [{ DeviceIdentifier: 'disk0s1', Size: 500, MountPoint: '/' }] },
    { DeviceIdentifier: 'disk9', Size: 2000, Partitions: [] },
  ],
});
assert.deepEqual(mac.devices.map(({ path, size, mounted }) => [path, size, mounted]),
  [['/dev/disk0', 1000, true], ['/dev/disk9', 2000, false]]);
assert.match(mac.note, /hdiutil create/);

// The call works with the devices of this computer.
assert.ok(Array.isArray((await listDevices()).devices));
