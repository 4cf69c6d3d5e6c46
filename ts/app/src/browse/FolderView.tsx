// SPDX-License-Identifier: GPL-2.0
/*
 * FolderView.tsx - the preview of a folder: the number of its entries, and buttons for actions
 */
import { baseName } from '@anyfs/core';
import { useAnyfsDir } from '@anyfs/react';

import { useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';

interface FolderViewProps {
  path: string;
  onDownload(paths: string[]): void;
  onSizes(path: string): void;
}

export function FolderView({ path, onDownload, onSizes }: FolderViewProps) {
  const say = useSay();
  const { entries, loading, error } = useAnyfsDir(path);
  const folders = entries.filter(({ kind }) => kind === 'dir').length;

  return (
    <section className="folder-view" aria-label={path}>
      <Icon name="folder" />
      <h2>{baseName(path)}</h2>
      <p className="muted">
        {error ? error.message : loading ? say('preview.loading') :
          say('folder.content', { folders, files: entries.length - folders })}
      </p>
      <div className="row wrap">
        <button className="button" onClick={() => onDownload([path])}><Icon name="download" />{say('action.download')}</button>
        <button className="button" onClick={() => onSizes(path)}><Icon name="sizes" />{say('action.sizes')}</button>
      </div>
    </section>
  );
}
