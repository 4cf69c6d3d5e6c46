// SPDX-License-Identifier: GPL-2.0
/*
 * NotAnImage.tsx - the page of a file without a known content, with the kind of file that it seems to be
 */
import { useEffect, useState } from 'react';

import { type Foreign, foreignContent } from '../image/foreign.js';
import type { ImageSource } from '../image/source.js';
import { useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import '../ui/problem.css';

const HEAD = 512;

export function NotAnImage({ source, onClose }: { source: ImageSource; onClose(): void }) {
  const say = useSay();
  const [found, setFound] = useState<Foreign | null>(null);

  useEffect(() => {
    let current = true;
    headOf(source).then((head) => { if (current) setFound(foreignContent(head)); }, () => {});
    return () => { current = false; };
  }, [source]);
  return (
    <section className="problem">
      <Icon name="warning" />
      <h2>{say('foreign.title')}</h2>
      <p>{found ? say(found.packed ? 'foreign.packed' : 'foreign.other', { name: found.name }) : say('foreign.unknown')}</p>
      <div className="row">
        <button className="button primary" onClick={onClose}>{say('error.other.image')}</button>
      </div>
    </section>
  );
}

async function headOf(source: ImageSource): Promise<Uint8Array> {
  if (source.kind === 'file')
    return new Uint8Array(await source.file.slice(0, HEAD).arrayBuffer());
  // Of an image in the desktop program the page has only the disk, not the bytes of the file.
  if (source.kind === 'desktop')
    return new Uint8Array();
  const response = await fetch(source.url, { headers: { Range: `bytes=0-${HEAD - 1}` } });
  return new Uint8Array(await response.arrayBuffer());
}
