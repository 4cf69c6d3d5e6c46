// SPDX-License-Identifier: GPL-2.0
/*
 * props.ts - the interface of the browser for the application around it
 */
import type { AnyfsSession } from '@anyfs/core';
import type { ReactNode } from 'react';

import type { FileItem } from './item.js';
import type { ColumnId } from './order.js';
import type { StringsInput } from './strings.js';

/** An entry of the context menu that the application adds. */
export interface FileAction {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Whether it is offered for these files; always by default. */
  isEnabled?(files: readonly FileItem[]): boolean;
  /** @param paths of the selected files, absolute in the disk */
  run(paths: string[], files: readonly FileItem[]): void;
}

/** A file that the user has opened. */
export interface FileActivation {
  /** From the root of the browser. */
  relPath: string;
  mountPath: string;
  /** Absolute in the disk. */
  path: string;
  item: FileItem;
}

export interface AnyfsFileBrowserProps {
  /** A session whose files are shown; by default those of the AnyfsProvider above. */
  session?: AnyfsSession | undefined;
  /** The root of the browser; by default the first file system of the disk. */
  mountPath?: string | undefined;
  /** Show and open what symbolic links lead to; true by default. */
  followSymlinks?: boolean;
  /** true: dark, false: light; by default as the system is. */
  darkMode?: boolean | undefined;
  /** Of the outermost element. */
  className?: string | undefined;
  /** The user has opened a file: Enter, or a double click.  By default it is downloaded. */
  onFileActivate?: ((file: FileActivation) => void) | undefined;
  /** The same as onFileActivate. */
  onOpen?: ((file: FileActivation) => void) | undefined;
  /** Called with the selected files each time they change. */
  onSelectionChange?: ((files: readonly FileItem[]) => void) | undefined;
  /** The name of the root; "/" by default. */
  rootLabel?: string;
  /** Something above the root, as the list of disks: the first part of the location. */
  superCrumb?: { label: string; onClick(): void } | undefined;
  /** false: offer changes.  The disk must have been opened with write or overlay. */
  readOnly?: boolean;
  /** The folder that is shown; the application changes it when it likes. */
  path?: string | undefined;
  /** The first folder; "/" by default.  A path in location.hash comes first. */
  defaultPath?: string;
  onPathChange?: ((path: string) => void) | undefined;
  /** Mirror the path in location.hash; true by default. */
  hash?: boolean;
  /** Entries of the context menu, above Properties. */
  actions?: readonly FileAction[];
  /** Download these files and folders (absolute paths).  By default single files, by a Blob. */
  onDownload?: ((paths: string[]) => void) | undefined;
  /** The address of a file, for dragging it out of the page. */
  downloadUrl?: ((path: string) => string | undefined) | undefined;
  /** The content of the pane at the right; null: nothing is selected.  Absent: no such pane. */
  renderPreview?: ((file: FileItem | null) => ReactNode) | undefined;
  /** Whether the preview is open at first; true by default. */
  defaultPreviewOpen?: boolean;
  /** Shown at the end of the toolbar. */
  toolbarEnd?: ReactNode;
  /** The columns that show at first. */
  defaultColumns?: readonly ColumnId[];
  /** Whether names that begin with a dot show at first; true by default. */
  defaultShowHidden?: boolean;
  /** Texts in another language; missing ones are English. */
  strings?: StringsInput | undefined;
  /** Of dates and numbers, as "de-CH"; by default that of the web browser. */
  locale?: string | undefined;
}
