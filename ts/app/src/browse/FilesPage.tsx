// SPDX-License-Identifier: GPL-2.0
/*
 * FilesPage.tsx - the files of a disk, and a preview of the one that is selected
 */
import { fmtBytes } from '@anyfs/core';
import { useAnyfsDir } from '@anyfs/react';
import { useState } from 'react';

import { goTo } from '../image/route.js';
import type { OpenImage } from '../image/use-image.js';
import { Preview } from '../preview/Preview.js';
import { useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';
import './files.css';

interface FilesPageProps {
  image: OpenImage;
  path: string;
  name: string;
}

export function FilesPage({ path }: FilesPageProps) {
  const say = useSay();
  const { entries, loading, error } = useAnyfsDir(path);
  const [selected, setSelected] = useState<string | null>(null);
  const parent = path.replace(/\/[^/]*$/, '');

  if (error)
    return <main><Problem error={error} /></main>;
  return (
    <main className={selected ? 'files with-preview' : 'files'}>
      <div className="files-list">
        <button className="button plain" onClick={() => goTo(parent || null)}><Icon name="back" />{path}</button>
        {loading && <Waiting text={say('preview.loading')} />}
        {entries.map((entry) => {
          const full = `${path.replace(/\/$/, '')}/${entry.name}`;
          return (
            <button key={entry.name} className="button plain" onClick={() =>
              entry.kind === 'dir' ? goTo(full) : setSelected(full)}>
              <Icon name={entry.kind === 'dir' ? 'folder' : 'file'} />
              <span className="grow">{entry.name}</span>
              <span className="muted">{entry.stat && entry.kind === 'file' ? fmtBytes(entry.stat.size) : ''}</span>
            </button>
          );
        })}
      </div>
      {selected && <Preview path={selected} onClose={() => setSelected(null)} />}
    </main>
  );
}
