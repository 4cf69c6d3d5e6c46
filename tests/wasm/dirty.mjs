// SPDX-License-Identifier: GPL-2.0
/*
 * dirty.mjs IMAGE - write and sync the file "kept", and end without unmounting
 */
const { open } = await import(process.env.ANYFS_CORE);

const disk = await open(process.argv[2], { write: true });
const file = await disk.open('/kept', 'w');
await file.write(new TextEncoder().encode('synced\n'), 0);
await file.sync();
process.exit(0);
