// SPDX-License-Identifier: GPL-2.0
/*
 * index.ts - the package's interface
 */
export { AnyfsFileBrowser, AnyfsFileBrowser as FileTreeView } from './browser.js';
export { FileIcon } from './file-icon.js';
export { type FileCategory, categoryOf, extensionOf, kindLabelOf } from './file-types.js';
export { type FileItem, type LinkTarget, isFolder } from './item.js';
export type { ColumnId } from './order.js';
export type { AnyfsFileBrowserProps, FileAction, FileActivation } from './props.js';
export { type Strings, type StringsInput, english } from './strings.js';
export { isTemporary } from './temporary.js';
