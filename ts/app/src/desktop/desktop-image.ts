// SPDX-License-Identifier: GPL-2.0
/*
 * desktop-image.ts - open images by path, and save them, with the desktop program
 */
import { type Disk, type OpenOptions, open } from '@anyfs/core';

import type { Say } from '../text/text.js';
import type { Work } from '../ui/WorkDialog.js';
import { type DesktopImage, desktop } from './desktop.js';

let lastRequest = 0;
/** The connection with the changes of an image, by the image's id. */
const changed = new Map<string, number>();
/** Ports to the processes that have images open, by the number of the connection. */
const ports = new Map<number, MessagePort>();

desktop?.onClosed((request) => {
  // Not every version of Chromium sends this event when the process ends.
  ports.get(request)?.dispatchEvent(new Event('close'));
  ports.delete(request);
});

/** Open an image with the kernel of the desktop program, in a process of its own. */
export async function openDesktopImage({ id }: DesktopImage, options: OpenOptions): Promise<Disk> {
  const request = ++lastRequest;
  const port = portOf(request);

  await desktop!.connect(id, request);
  ports.set(request, await port);
  const disk = await open(id, { ...options, worker: await port });
  if (options.overlay)
    changed.set(id, request);
  return disk;
}

/** The port arrives in a message of the preload script. */
function portOf(request: number): Promise<MessagePort> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent<{ anyfsPort?: number } | null>) => {
      if (event.source !== window || event.data?.anyfsPort !== request)
        return;
      window.removeEventListener('message', take);
      resolve(event.ports[0]!);
    };
    window.addEventListener('message', take);
  });
}

/** Write the changes to the image, if the user agrees in a dialog of the system; else null. */
export async function saveDesktopImage(disk: Disk, { id }: DesktopImage, say: Say): Promise<Work | null> {
  if (!await desktop!.allowWriting(id, changed.get(id)!))
    return null;
  const { bytes } = (await disk.changes())!;
  return {
    title: say('save.saving'), total: bytes,
    // The signal is ignored: a cancelled commit would leave a part of the changes in the image.
    run: async (_signal, show) => {
      let written = 0;
      for await (const done of disk.commit()) {
        written = done;
        show(() => done);
      }
      return written;
    },
  };
}
