// SPDX-License-Identifier: GPL-2.0
/*
 * notice.tsx - the message in place of the files: an error, or that the folder is empty
 */
import { baseName } from '@anyfs/core';
import type { ReactNode } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';
import type { FileItem } from './item.js';
import type { Shown } from './view.js';

export function Notice({ shown, items }: { shown: Shown; items: readonly FileItem[] }): ReactNode {
  const { strings, disk, rootLabel } = useBrowser();
  const { directory, snapshot } = shown;
  const { error, loading } = snapshot;

  if (error)
    return (
      <div className="anyfs-message" role="alert">
        <Icon name="warning" />
        <h2>{strings.cannotRead(baseName(directory.path) || rootLabel)}</h2>
        <p>{error.message}</p>
        <button type="button" className="anyfs-button" onClick={() => directory.refresh()}>
          <Icon name="refresh" />{strings.retry}</button>
      </div>);
  if (items.length)
    return null;
  if (loading)
    return (
      <div className="anyfs-message">
        <span className="anyfs-spinner anyfs-large" />
        <p>{snapshot.loaded ? strings.loadingItems(snapshot.loaded) : strings.loading}</p>
      </div>);
  return (
    <div className="anyfs-message anyfs-quiet">
      <Icon name={snapshot.items.length ? 'search' : 'open'} />
      <p>{snapshot.items.length ? strings.noMatch : strings.empty}</p>
      {disk && !snapshot.items.length && <p className="anyfs-faint">{strings.emptyWritable}</p>}
    </div>
  );
}
