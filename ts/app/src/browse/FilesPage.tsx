// SPDX-License-Identifier: GPL-2.0
/*
 * FilesPage.tsx - the files of a disk: the browser of @anyfs/trees with the actions of the
 * application
 */
import { useAnyfsDisk } from '@anyfs/react';
import { AnyfsFileBrowser, type FileAction, type FileItem, type StringsInput, isFolder } from '@anyfs/trees';
import '@anyfs/trees/style.css';
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

import { useDrafts } from '../changes/context.js';
import { ChecksumDialog } from '../download/ChecksumDialog.js';
import { useDownloads } from '../download/use-downloads.js';
import { SearchDialog } from '../find/SearchDialog.js';
import { SizesDialog } from '../find/SizesDialog.js';
import { goTo } from '../image/route.js';
import type { OpenImage } from '../image/use-image.js';
import { DiscardDialog } from '../preview/DiscardDialog.js';
import { Preview } from '../preview/Preview.js';
import { useTexts } from '../text/text.js';
import { isDark, onThemeChange } from '../theme.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import './files.css';
import { FolderView } from './FolderView.js';
import { loadTreeStrings } from './tree-strings.js';

/** A dialog about a path. */
type Shown = { kind: 'file' | 'checksum' | 'search' | 'sizes'; path: string } | null;

export function FilesPage({ image, name }: { image: OpenImage; name: string }) {
  const { say, language } = useTexts();
  const { disk } = useAnyfsDisk();
  const dark = useSyncExternalStore(onThemeChange, isDark);
  const [shown, setShown] = useState<Shown>(null);
  const [folder, setFolder] = useState('/');
  const [download, downloadDialogs] = useDownloads(image.partitions);
  const [strings, setStrings] = useState<StringsInput>();
  const [asking, setAsking] = useState(false);
  const [texts] = useDrafts();
  const close = () => setShown(null);

  useEffect(() => {
    let current = true;
    loadTreeStrings(language).then((loaded) => { if (current) setStrings(loaded); }, () => {});
    return () => { current = false; };
  }, [language]);
  const actions = useMemo<FileAction[]>(() => {
    const one = (files: readonly FileItem[], inFolder: boolean) => files.length === 1 && isFolder(files[0]!, true) === inFolder;
    return [
      {
        id: 'checksum', label: say('action.checksum'), icon: <Icon name="hash" />, isEnabled: (files) => one(files, false),
        run: ([path]) => setShown({ kind: 'checksum', path: path! }),
      },
      {
        id: 'search', label: say('action.search'), icon: <Icon name="find" />, isEnabled: (files) => one(files, true),
        run: ([path]) => setShown({ kind: 'search', path: path! }),
      },
      {
        id: 'sizes', label: say('action.sizes'), icon: <Icon name="sizes" />, isEnabled: (files) => one(files, true),
        run: ([path]) => setShown({ kind: 'sizes', path: path! }),
      },
    ];
  }, [say]);
  const toolbar = (kind: 'search' | 'sizes', label: string): ReactNode => (
    <button className="button plain square" aria-label={label} title={label} onClick={() => setShown({ kind, path: folder })}>
      <Icon name={kind === 'search' ? 'find' : kind} />
    </button>
  );

  return (
    <main className="files">
      <AnyfsFileBrowser mountPath="/" rootLabel={name} darkMode={dark} readOnly={false} locale={language}
        strings={strings} actions={actions} onDownload={download} onPathChange={setFolder}
        superCrumb={{ label: say('files.map'), onClick: () => goTo(null) }}
        onFileActivate={({ path }) => setShown({ kind: 'file', path })}
        renderPreview={(file) => !file ? <p className="waiting">{say('preview.none')}</p> : isFolder(file, true) ?
          <FolderView path={file.path} onDownload={download} onSizes={(path) => setShown({ kind: 'sizes', path })} /> :
          <Preview key={file.path} path={file.path} editable actions={<DownloadButton onClick={() => download([file.path])} />} />}
        toolbarEnd={<>{toolbar('search', say('action.search'))}{toolbar('sizes', say('action.sizes'))}</>} />
      {downloadDialogs}
      {shown?.kind === 'file' && (
        <Dialog large title={shown.path} onClose={() => texts.has(shown.path) ? setAsking(true) : close()}>
          <Preview path={shown.path} titled={false} editable actions={<DownloadButton onClick={() => download([shown.path])} />} />
        </Dialog>
      )}
      {shown && asking && <DiscardDialog path={shown.path} onClose={() => setAsking(false)} onDiscard={close} />}
      {shown?.kind === 'checksum' && <ChecksumDialog disk={disk!} path={shown.path} onClose={close} />}
      {shown?.kind === 'search' && <SearchDialog disk={disk!} root={shown.path} onClose={close}
        onOpen={(path) => setShown({ kind: 'file', path })} />}
      {shown?.kind === 'sizes' && <SizesDialog disk={disk!} root={shown.path} onClose={close} />}
    </main>
  );
}

function DownloadButton({ onClick }: { onClick(): void }) {
  const { say } = useTexts();
  return (
    <button className="button plain square" onClick={onClick} aria-label={say('action.download')} title={say('action.download')}>
      <Icon name="download" />
    </button>
  );
}
