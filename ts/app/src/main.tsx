// SPDX-License-Identifier: GPL-2.0
import { open } from '@anyfs/core';

const input = document.createElement('input');
input.type = 'file';
document.body.append(input);
input.onchange = async () => {
  const disk = await open(input.files![0]!);
  const pre = document.createElement('pre');
  pre.textContent = JSON.stringify(await disk.partitions(), null, 1);
  document.body.append(pre);
};
