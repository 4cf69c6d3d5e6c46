// SPDX-License-Identifier: GPL-2.0
/*
 * browser.tsx - the file browser: the disk that it shows, and its parts on the screen
 */
import { AnyfsProvider, type Files, useAnyfsDisk, useAnyfsFiles } from '@anyfs/react';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';

import { type BrowserContext, Context } from './context.js';
import { Directories } from './directory.js';
import { formatsOf } from './format.js';
import { Icon } from './icons.js';
import type { Order } from './order.js';
import { Owners } from './owners.js';
import { absolute, relative } from './paths.js';
import type { AnyfsFileBrowserProps } from './props.js';
import { Shell } from './shell.js';
import { stringsWith } from './strings.js';
import { Tasks } from './tasks.js';
import { Window } from './window.js';

/**
 * A file browser for a disk image.  It fills its container, and shows the disk of the
 * AnyfsProvider above, or that of the prop "session".
 */
export function AnyfsFileBrowser(props: AnyfsFileBrowserProps): ReactNode {
  return props.session ?
    <AnyfsProvider session={props.session} mountPath={props.mountPath}><Opening {...props} /></AnyfsProvider> :
    <Opening {...props} />;
}

/** The message that is shown until the files are available. */
function Opening(props: AnyfsFileBrowserProps): ReactNode {
  const state = useAnyfsDisk();
  const { files } = useAnyfsFiles();
  const mountPath = props.mountPath ?? state.mountPath;
  const strings = useMemo(() => stringsWith(props.strings), [props.strings]);
  const key = useKey(files, mountPath);

  if (state.error)
    return (
      <Shell {...props}>
        <div className="anyfs-message" role="alert">
          <Icon name="warning" /><h2>{strings.cannotOpen}</h2><p>{state.error.message}</p>
        </div>
      </Shell>);
  if (files && mountPath !== null)
    return <Browser key={key} {...props} files={files} mountPath={mountPath} />;
  return (
    <Shell {...props}>
      <div className="anyfs-message" role="status">
        {state.status === 'ready' ? <><Icon name="disk" /><p>{strings.noFileSystem}</p></> :
          <><span className="anyfs-spinner anyfs-large" /><p>{strings.opening}</p></>}
      </div>
    </Shell>);
}

/** A new key for each pair of files and root, so that React mounts a new browser. */
function useKey(files: Files | null, mountPath: string | null): number {
  const last = useRef({ files, mountPath, key: 0 });

  if (last.current.files !== files || last.current.mountPath !== mountPath)
    last.current = { files, mountPath, key: last.current.key + 1 };
  return last.current.key;
}

type BrowserProps = AnyfsFileBrowserProps & { files: Files; mountPath: string };

function Browser(props: BrowserProps): ReactNode {
  const [order, setOrder] = useState<Pick<Order, 'column' | 'descending'>>(
    { column: 'name', descending: false });
  const [announcement, setAnnouncement] = useState('');
  const context = useContextValue(props, order, setAnnouncement);

  return (
    <Context.Provider value={context}>
      <Window {...props} order={order} setOrder={setOrder} />
      <div className="anyfs-sr" role="status" aria-live="polite">{announcement}</div>
    </Context.Provider>
  );
}

function useContextValue(props: BrowserProps, order: Pick<Order, 'column' | 'descending'>,
  announce: (text: string) => void): BrowserContext {
  const { files, mountPath, followSymlinks = true, rootLabel = '/', readOnly = true, locale } = props;
  const { disk } = useAnyfsDisk();
  const { onChange, changed } = useAnyfsFiles();
  const id = useId().replace(/[^\w-]/g, '');
  const strings = useMemo(() => stringsWith(props.strings), [props.strings]);
  const formats = useMemo(() => formatsOf(locale), [locale]);
  const full = { ...order, followSymlinks, strings };
  const directories = useMemo(() => new Directories({ files, mountPath }, full), [files, mountPath]);
  const owners = useMemo(() => new Owners(files, mountPath), [files, mountPath]);
  const tasks = useMemo(() => new Tasks(), []);

  useEffect(() => directories.setOrder(full), [directories, order, followSymlinks, strings]);
  useEffect(() => onChange((path) => {
    const inside = relative(mountPath, path);
    if (inside !== null)
      void directories.changed(inside);
  }), [directories, onChange, mountPath]);
  useClosing(directories);
  return useMemo(() => ({
    files, disk: readOnly ? null : disk, mountPath, rootLabel, followSymlinks, directories, owners,
    tasks, strings, formats, announce, id,
    changed: (path: string) => changed(absolute(mountPath, path)),
  }), [files, disk, readOnly, mountPath, rootLabel, followSymlinks, directories, owners, tasks,
    strings, formats, announce, changed, id]);
}

/** Close @directories some time after the unmount: StrictMode unmounts and remounts at once. */
function useClosing(directories: Directories): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    clearTimeout(timer.current);
    return () => { timer.current = setTimeout(() => directories.close(), 50); };
  }, [directories]);
}
