// SPDX-License-Identifier: GPL-2.0
//
// Compiled by test-node-types.sh, never run.
import { open, pread, sessionOpen, type AclEntry, type Disk, type Partition,
         type TreeNode } from '@anyfs/native';

async function right(): Promise<void> {
  const disk: Disk = await open(new URL('file:///disk.img'), {
    write: true, keys: { '/p2': Buffer.from('secret') }, memory: 64, onNote: (text) => text.length,
  });
  const text: string = await disk.fs.promises.readFile('/p2/etc/hostname', 'utf8');
  const bytes: Buffer = disk.fs.readFileSync('/p2/etc/hostname');
  const big: bigint = disk.fs.statSync('/', { bigint: true }).ino;
  const names: string[] = (await disk.fs.promises.readdir('/', { withFileTypes: true })).map((e) => e.name);
  const parts: Partition[] = await disk.partitions();
  const tree: TreeNode = await disk.tree();
  const acl: AclEntry[] = await disk.fs.promises.getacl('/f', { default: true });
  disk.fs.setaclSync('/f', [...acl, { tag: 'user', id: 1000, perms: 6 }]);
  const value: Buffer = await disk.fs.promises.getxattr('/f', 'user.name');
  disk.fs.stat('/', (error, stats) => error ?? stats.isDirectory());
  disk.fs.createReadStream('/f', { start: 1 }).pipe(process.stdout);
  const handle = await disk.fs.promises.open('/f', 'r+');
  await handle.write(bytes, 0, 1, 0);
  await disk.close();
  const { rc, data }: { rc: number; data: Uint8Array } = await pread(sessionOpen('disk.img'), 1, 0);
  console.log(rc, data, text, big, names, parts[0]?.path, tree.children, value);
}

async function wrong(disk: Disk): Promise<void> {
  // @ts-expect-error: no such option
  await open('disk.img', { wrte: true });
  // @ts-expect-error: a path is not a number
  disk.fs.mkdirSync(5);
  // @ts-expect-error: a Buffer is not a string
  const text: string = disk.fs.readFileSync('/f');
  // @ts-expect-error: no such function
  disk.fs.nothing();
  // @ts-expect-error: disks come from open()
  new Disk();
  console.log(text);
}

export { right, wrong };
