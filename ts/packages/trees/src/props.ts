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
  /** Whether the entry is shown for these files; by default it always is. */
  isEnabled?(files: readonly FileItem[]): boolean;
  /** @param paths absolute paths in the disk, of the selected files */
  run(paths: string[], files: readonly FileItem[]): void;
}

/** A file that the user has opened. */
export interface FileActivation {
  /** Path that begins at the root of the browser. */
  relPath: string;
  mountPath: string;
  /** Absolute path in the disk. */
  path: string;
  item: FileItem;
}

export interface AnyfsFileBrowserProps {
  /** A session whose files are shown; by default those of the AnyfsProvider above. */
  session?: AnyfsSession | undefined;
  /** The root of the browser; by default the first file system of the disk. */
  mountPath?: string | undefined;
  /** Show and open the targets of symbolic links; true by default. */
  followSymlinks?: boolean;
  /** true: dark, false: light; the default is the setting of the system. */
  darkMode?: boolean | undefined;
  /** Class of the outermost element. */
  className?: string | undefined;
  /** The user has opened a file: Enter, or a double click.  By default it is downloaded. */
  onFileActivate?: ((file: FileActivation) => void) | undefined;
  /** Another name of onFileActivate. */
  onOpen?: ((file: FileActivation) => void) | undefined;
  /** Called with the selected files each time they change. */
  onSelectionChange?: ((files: readonly FileItem[]) => void) | undefined;
  /** The name of the root; "/" by default. */
  rootLabel?: string;
  /** A place above the root, such as a list of disks; it is the first part of the location. */
  superCrumb?: { label: string; onClick(): void } | undefined;
  /** false: offer changes.  The disk must have been opened with write or overlay. */
  readOnly?: boolean;
  /** The folder that is shown, if the application controls it. */
  path?: string | undefined;
  /** The folder that is shown first; "/" by default.  A path in location.hash takes precedence. */
  defaultPath?: string;
  onPathChange?: ((path: string) => void) | undefined;
  /** Mirror the path in location.hash; true by default. */
  hash?: boolean;
  /** Entries of the context menu, above Properties. */
  actions?: readonly FileAction[];
  /**
   * Download these files and folders (absolute paths).  By default only single files can be
   * downloaded, with a Blob.
   */
  onDownload?: ((paths: string[]) => void) | undefined;
  /** The address of a file, for dragging it out of the page. */
  downloadUrl?: ((path: string) => string | undefined) | undefined;
  /**
   * The content of the pane at the right for the selected file; null: nothing is selected.  Absent:
   * there is no such pane.
   */
  renderPreview?: ((file: FileItem | null) => ReactNode) | undefined;
  /** Whether the preview is open at first; true by default. */
  defaultPreviewOpen?: boolean;
  /** Shown at the end of the toolbar. */
  toolbarEnd?: ReactNode;
  /** The columns that are shown at first. */
  defaultColumns?: readonly ColumnId[];
  /** Whether names that begin with a dot are shown at first; true by default. */
  defaultShowHidden?: boolean;
  /** Texts in another language; missing ones are English. */
  strings?: StringsInput | undefined;
  /** Locale of dates and numbers, such as "de-CH"; by default the locale of the web browser. */
  locale?: string | undefined;
}
