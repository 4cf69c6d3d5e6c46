// SPDX-License-Identifier: GPL-2.0
/*
 * properties.tsx - the dialog with all attributes of a file, or the sum of several
 */
import { type Stat, fmtDev, parentPath } from '@anyfs/core';
import { type ReactNode, useMemo } from 'react';

import { useBrowser } from './context.js';
import { Dialog } from './dialog.js';
import { FileIcon } from './file-icon.js';
import { categoryOf, isDevice, kindLabelOf } from './file-types.js';
import { type FolderSize, useFolderSize } from './folder-size.js';
import { hasTimes } from './format.js';
import { type FileItem, isFolder, shownStat } from './item.js';
import { OwnerFields } from './owner-fields.js';
import { absolute } from './paths.js';
import { Permissions } from './permissions.js';
import { StorageFields } from './storage-fields.js';

interface PropertiesProps {
  items: readonly FileItem[];
  onClose(): void;
}

export function Properties({ items, onClose }: PropertiesProps): ReactNode {
  const { strings, followSymlinks } = useBrowser();
  const [first] = items;
  const single = items.length === 1 ? first : undefined;
  const title = single ? single.name || '/' : strings.items(items.length);

  return (
    <Dialog testId="properties-modal" className="anyfs-properties" onClose={onClose}
      title={<><FileIcon category={single ? categoryOf(single, followSymlinks) : 'folder'}
        link={single?.kind === 'link'} /><span className="anyfs-sr">{strings.properties}: </span>
      <span className="anyfs-title-text">{title}</span></>}>
      {single ? <OneItem item={single} /> : <Rows><FolderContents items={items} /></Rows>}
    </Dialog>
  );
}

function OneItem({ item }: { item: FileItem }): ReactNode {
  const { strings, mountPath, followSymlinks } = useBrowser();
  const stat = shownStat(item, followSymlinks);
  const folder = isFolder(item, followSymlinks);

  return (
    <>
      <Rows>
        <Field label={strings.kind} testId="properties-kind">
          {kindLabelOf(item, strings, followSymlinks)}</Field>
        {item.link && <Field label={strings.target}>
          <span className="anyfs-path">{item.link.text}</span>
          {!item.link.stat && <span className="anyfs-tag">{strings.targetMissing}</span>}
        </Field>}
        {folder ? <FolderContents items={[item]} key={item.path} /> : stat && <FileSize stat={stat} />}
        <Field label={strings.folder}>
          <span className="anyfs-path">{absolute(mountPath, parentPath(item.path))}</span></Field>
      </Rows>
      {hasTimes(stat) && <Times stat={stat} />}
      {stat && <Identity item={item} stat={stat} />}
      {stat && stat.ino !== 0 && <Permissions item={item} stat={stat} />}
      {stat && stat.ino !== 0 && <StorageFields item={item} key={item.path} />}
    </>
  );
}

function Rows({ children }: { children: ReactNode }): ReactNode {
  return <dl className="anyfs-fields">{children}</dl>;
}

interface FieldProps {
  label: string;
  children: ReactNode;
  testId?: string;
}

function Field({ label, children, testId }: FieldProps): ReactNode {
  return <div><dt>{label}</dt><dd data-testid={testId}>{children}</dd></div>;
}

function FileSize({ stat }: { stat: Stat }): ReactNode {
  const { strings, formats } = useBrowser();

  if (stat.kind === 'other')
    return isDevice(stat) && <Field label={strings.kinds.device} testId="properties-size">
      {fmtDev(stat.rdev)}</Field>;
  return (
    <>
      <Field label={strings.size} testId="properties-size">
        {formats.size(stat.size)}{stat.size >= 1024 &&
          <span className="anyfs-faint"> ({strings.bytes(stat.size)})</span>}
      </Field>
      <Field label={strings.onDisk}>{formats.size(stat.blocks * 512)}</Field>
    </>
  );
}

/** Returns the same array while the paths of @items are the same. */
function useStable(items: readonly FileItem[]): readonly FileItem[] {
  return useMemo(() => items, [items.map(({ path }) => path).join('\n')]);
}

/** The content of folders, as far as it has been counted. */
function FolderContents({ items }: { items: readonly FileItem[] }): ReactNode {
  const { strings, formats } = useBrowser();
  const { size, stop } = useFolderSize(useStable(items));

  return (
    <>
      <Field label={strings.size} testId="properties-size">
        <span aria-busy={size.counting}>{formats.size(size.bytes)}
          {size.bytes >= 1024 && <span className="anyfs-faint"> ({strings.bytes(size.bytes)})</span>}
        </span>
        {size.counting && <span className="anyfs-counting"><span className="anyfs-spinner" />
          <button type="button" className="anyfs-link-button" onClick={stop}>{strings.cancel}</button>
        </span>}
      </Field>
      <Field label={strings.onDisk}>{formats.size(size.onDisk)}</Field>
      <Field label={strings.contents}>{contentsOf(size, strings)}</Field>
    </>
  );
}

function contentsOf(size: FolderSize, strings: ReturnType<typeof useBrowser>['strings']): string {
  return [
    strings.folderCount(size.folders), strings.fileCount(size.files),
    size.unreadable > 0 && strings.failed(size.unreadable),
  ].filter(Boolean).join(', ');
}

function Times({ stat }: { stat: Stat }): ReactNode {
  const { strings, formats } = useBrowser();
  const times: [string, number | undefined][] = [
    [strings.modified, stat.mtime], [strings.accessed, stat.atime],
    [strings.changed, stat.ctime], [strings.created_, stat.btime],
  ];

  return (
    <Rows>
      {times.map(([label, time]) => time !== undefined &&
        <Field key={label} label={label}>{formats.longTime(time)}</Field>)}
    </Rows>
  );
}

function Identity({ item, stat }: { item: FileItem; stat: Stat }): ReactNode {
  const { strings } = useBrowser();

  return (
    <Rows>
      <OwnerFields item={item} stat={stat} />
      {stat.ino !== 0 && <Field label={strings.inode}>{stat.ino}</Field>}
      <Field label={strings.links}>{stat.nlink}</Field>
    </Rows>
  );
}
