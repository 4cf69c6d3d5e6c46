// SPDX-License-Identifier: GPL-2.0
/*
 * MediaView.tsx - pictures, sound, film and PDF, shown by the browser
 *
 * Sound and film are read by ranges through the service worker.  Pictures and PDF, and all
 * files if there is no service worker, are copied into memory.
 */
import type { Disk } from '@anyfs/core';
import { useAnyfsDisk } from '@anyfs/react';
import { useEffect, useState } from 'react';

import { canServe, serve } from '../stream/serve.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';

interface MediaProps {
  view: 'image' | 'audio' | 'video' | 'pdf';
  type: string;
  path: string;
  name: string;
  size: number;
}

/** A larger file is not copied into memory, and not shown: 256 MiB. */
const LIMIT = 256 << 20;

export function MediaView({ view, type, path, name, size }: MediaProps) {
  const say = useSay();
  const fmtBytes = useFmtBytes();
  const { disk } = useAnyfsDisk();
  const [url, setUrl] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [broken, setBroken] = useState(false);
  const ranges = (view === 'audio' || view === 'video') && canServe();

  useEffect(() => {
    if (!disk || (!ranges && size > LIMIT))
      return;
    const controller = new AbortController();
    const { signal } = controller;
    const address = ranges ? ofRanges(disk, path, name, type, size) : ofBlob(disk, path, type, signal);
    let release = () => {};
    setUrl('');
    setBroken(false);
    address.then((found) => {
      release = found.release;
      if (!signal.aborted)
        setUrl(found.url);
      else
        release();
    }, (reason: unknown) => { if (!signal.aborted) setError(reason as Error); });
    return () => {
      controller.abort();
      release();
    };
  }, [disk, path, ranges, name, type, size]);
  if (error)
    return <Problem error={error} />;
  if (!ranges && size > LIMIT)
    return <p className="waiting">{say('media.large', { size: fmtBytes(size) })}</p>;
  if (broken)
    return <p className="waiting">{say('media.broken')}</p>;
  if (!url)
    return <Waiting text={say('preview.loading')} />;
  switch (view) {
    case 'image':
      return <div className="media"><img src={url} alt={name} onError={() => setBroken(true)} /></div>;
    case 'audio':
      return <div className="media"><audio src={url} controls aria-label={name} onError={() => setBroken(true)} /></div>;
    case 'video':
      return <div className="media"><video src={url} controls aria-label={name} onError={() => setBroken(true)} /></div>;
    case 'pdf':
      return <iframe className="media-frame" src={url} title={name} />;
  }
}

interface Address {
  url: string;
  release(): void;
}

async function ofRanges(disk: Disk, path: string, name: string, type: string, size: number): Promise<Address> {
  const { url, remove } = serve({
    name, type, size, download: false, open: (start, end) => disk.readStream(path, { start, end }),
  });
  return { url, release: remove };
}

async function ofBlob(disk: Disk, path: string, type: string, signal: AbortSignal): Promise<Address> {
  const blob = await new Response(disk.readStream(path, { signal }), { headers: { 'Content-Type': type } }).blob();
  const url = URL.createObjectURL(blob);
  return { url, release: () => URL.revokeObjectURL(url) };
}
