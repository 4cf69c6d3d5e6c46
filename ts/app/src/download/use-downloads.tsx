// SPDX-License-Identifier: GPL-2.0
/*
 * use-downloads.tsx - download a file, or ask for the kind of archive
 */
import { type Partition } from '@anyfs/core';
import { useAnyfsDisk } from '@anyfs/react';
import { type ReactNode, useCallback, useState } from 'react';

import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { type Work, WorkDialog } from '../ui/WorkDialog.js';
import { type ArchiveKind, archiveDownload, fileDownload } from './downloads.js';

/** Returns a function that downloads paths, and the dialogs that the function shows. */
export function useDownloads(partitions: readonly Partition[]): [(paths: string[]) => void, ReactNode] {
  const say = useSay();
  const { disk } = useAnyfsDisk();
  const [work, setWork] = useState<Work | null>(null);
  const [asking, setAsking] = useState<string[] | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const start = useCallback(async (paths: string[]) => {
    try {
      if (paths.length === 1 && (await disk!.statFollow(paths[0]!)).kind === 'file')
        setWork(await fileDownload(disk!, paths[0]!, say));
      else if (paths.length)
        setAsking(paths);
    } catch (reason) {
      setError(reason as Error);
    }
  }, [disk, say]);
  const archive = (kind: ArchiveKind) => {
    setWork(archiveDownload(disk!, asking!, kind, partitions, say));
    setAsking(null);
  };

  return [(paths) => void start(paths), <>
    {asking && (
      <Dialog title={say('download.title')} onClose={() => setAsking(null)} footer={<>
        <button className="button" onClick={() => archive('zip')}>{say('download.zip')}</button>
        <button className="button primary" onClick={() => archive('tar')}>{say('download.tar')}</button>
      </>}>
        <p>{say('download.which')}</p>
      </Dialog>
    )}
    {work && <WorkDialog work={work} onClose={() => setWork(null)} />}
    {error && <Dialog title={say('error.other')} onClose={() => setError(null)}><p>{error.message}</p></Dialog>}
  </>];
}
