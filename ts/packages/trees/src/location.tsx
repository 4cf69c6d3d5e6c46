// SPDX-License-Identifier: GPL-2.0
/*
 * location.tsx - the path as a row of buttons, or as a text to edit
 */
import { joinPath, normalizePath, parentPath, pathParts } from '@anyfs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';
import { absolute } from './paths.js';

interface LocationProps {
  path: string;
  navigate(path: string): void;
  superCrumb: { label: string; onClick(): void } | undefined;
  editing: boolean;
  setEditing(editing: boolean): void;
}

export function Location(props: LocationProps): ReactNode {
  return props.editing ? <PathInput {...props} /> : <Crumbs {...props} />;
}

function Crumbs({ path, navigate, superCrumb, setEditing }: LocationProps): ReactNode {
  const { strings, rootLabel } = useBrowser();
  const crumbs = [{ label: rootLabel, path: '/' }];
  const list = useRef<HTMLOListElement>(null);

  for (const part of pathParts(path))
    crumbs.push({ label: part, path: joinPath(crumbs.at(-1)!.path, part) });
  // Scroll to the end of the path, its most important part.
  useEffect(() => { list.current!.scrollLeft = list.current!.scrollWidth; }, [path]);
  return (
    <nav className="anyfs-location" aria-label={strings.location}
      onClick={(event) => { if (!(event.target as Element).closest('button')) setEditing(true); }}>
      <ol ref={list}>
        {superCrumb &&
          <li className="anyfs-super"><button type="button" onClick={superCrumb.onClick}>
            <Icon name="disk" />{superCrumb.label}</button></li>}
        {crumbs.map((crumb, i) =>
          <li key={crumb.path}>
            {(i > 0 || superCrumb) && <span className="anyfs-crumb-separator" aria-hidden="true"><Icon name="forward" /></span>}
            <button type="button" data-drop-path={crumb.path} onClick={() => navigate(crumb.path)}
              aria-current={i === crumbs.length - 1 ? 'page' : undefined}>
              {i === 0 && !superCrumb && <Icon name="disk" />}<span>{crumb.label}</span>
            </button>
          </li>)}
      </ol>
      <button type="button" className="anyfs-button anyfs-plain anyfs-small anyfs-edit"
        aria-label={strings.editLocation} title={`${strings.editLocation} (Ctrl+L)`}
        onClick={() => setEditing(true)}><Icon name="rename" /></button>
    </nav>
  );
}

function PathInput({ path, navigate, setEditing }: LocationProps): ReactNode {
  const { strings, files, mountPath, followSymlinks, id } = useBrowser();
  const [text, setText] = useState(path);
  const [error, setError] = useState('');
  const go = async () => {
    const to = normalizePath(text.trim(), path);
    try {
      const { kind } = await files[followSymlinks ? 'statFollow' : 'stat'](
        absolute(mountPath, to));
      // If the path is that of a file, open its directory.
      navigate(kind === 'dir' ? to : parentPath(to));
      setEditing(false);
    } catch {
      setError(strings.noSuchPath(to));
    }
  };

  return (
    <form className="anyfs-location anyfs-editing" onSubmit={(event) => {
      event.preventDefault();
      void go();
    }}>
      <input className="anyfs-path-input" value={text} autoFocus spellCheck={false}
        autoCapitalize="off" autoComplete="off" aria-label={strings.location}
        aria-invalid={error !== ''} aria-describedby={error ? `${id}-path-error` : undefined}
        onFocus={(event) => event.target.select()}
        onChange={(event) => { setText(event.target.value); setError(''); }}
        onBlur={() => setEditing(false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape')
            setEditing(false);
        }} />
      {error && <div className="anyfs-bubble" role="alert" id={`${id}-path-error`}>{error}</div>}
    </form>
  );
}
