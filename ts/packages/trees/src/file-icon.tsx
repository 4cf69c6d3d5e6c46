// SPDX-License-Identifier: GPL-2.0
/*
 * file-icon.tsx - the icons of files: a sheet with a glyph for each category
 */
import type { ReactNode } from 'react';

import type { FileCategory } from './file-types.js';

/**
 * Paths of the glyphs.  They lie in the area x = 7..17, y = 10..19 of the sheet, except the zip of
 * the archive, which begins at y = 3.6, near the upper edge of the sheet.
 */
const GLYPHS: Partial<Record<FileCategory, ReactNode>> = {
  text: <path d="M8.2 11.5h7.6M8.2 14.2h7.6M8.2 16.9h4.8" />,
  code: <path d="M10 11.6 7.6 14l2.4 2.4M14 11.6l2.4 2.4-2.4 2.4" />,
  image: <><path d="M7.6 17.6l3-4 2.2 2.6 1.3-1.4 2.3 2.8z" className="anyfs-fill" />
    <circle cx="14.6" cy="11.6" r="1.1" className="anyfs-fill" /></>,
  audio: <><path d="M10.4 16.2v-5.4l4.8-.9v5.2" />
    <circle cx="9.3" cy="16.4" r="1.3" className="anyfs-fill" />
    <circle cx="14.1" cy="15.3" r="1.3" className="anyfs-fill" /></>,
  video: <path d="M9.8 11v6.4l5.4-3.2z" className="anyfs-fill" />,
  archive: <path d="M12 3.6v1.2M12 6.4v1.2M12 9.2v1.2M10.8 12.4h2.4v4h-2.4z" />,
  document: <path d="M8.2 11.5h7.6M8.2 14.2h7.6M8.2 16.9h7.6" />,
  sheet: <path d="M8 11.3h8v6.2H8zM8 14.4h8M12 11.3v6.2" />,
  pdf: <path d="M8 17.3c3.6-1.6 4.8-6.6 3.8-6.8-1.2-.2-.1 5 4.4 5.2M8.3 16.9c.8-1 3.6-1.6 7.8-1.4" />,
  disk: <><circle cx="12" cy="14.2" r="3.5" /><circle cx="12" cy="14.2" r=".9" className="anyfs-fill" /></>,
  database: <path d="M8.6 11.6c0-1.5 6.8-1.5 6.8 0v5c0 1.5-6.8 1.5-6.8 0zM8.6 11.6c0 1.5 6.8 1.5 6.8 0M8.6 14.1c0 1.5 6.8 1.5 6.8 0" />,
  font: <path d="M8.6 17.4 12 10.6l3.4 6.8M9.8 15.2h4.4" />,
  program: <path d="M8 11.6l2.6 2.4L8 16.4M12 17h4" />,
  config: <path d="M8 12.2h8M8 16.2h8M13.6 10.9v2.6M10.2 14.9v2.6" />,
  log: <path d="M8 11.5h.1M8 14.2h.1M8 16.9h.1M10.4 11.5H16M10.4 14.2H16M10.4 16.9h3.4" />,
  key: <><circle cx="10" cy="15.6" r="2" /><path d="M11.5 14.2 15.4 10.6M13.8 12.1l1.5 1.6" /></>,
  web: <><circle cx="12" cy="14.2" r="3.6" /><path d="M8.4 14.2h7.2M12 10.6c-2.2 2.2-2.2 5 0 7.2M12 10.6c2.2 2.2 2.2 5 0 7.2" /></>,
  package: <path d="M12 10.6l3.6 1.9v3.6L12 18l-3.6-1.9v-3.6zM8.4 12.5l3.6 1.9 3.6-1.9M12 14.4V18" />,
  device: <path d="M9 11.4h6v6H9zM10.6 11.4v-1.3M13.4 11.4v-1.3M10.6 17.4v1.3M13.4 17.4v1.3M9 13h-1.3M9 15.8H7.7M15 13h1.3M15 15.8h1.3" />,
  pipe: <path d="M8 13h7.4M13.4 11l2 2-2 2M16 16.4H8.6" />,
  link: <path d="M9.4 17.2c0-3.4 1.6-4.6 4.6-4.6M12.4 10.4l2.2 2.2-2.2 2.2" />,
  broken: <path d="M9.6 11.8l4.8 4.8M14.4 11.8l-4.8 4.8" />,
};

interface FileIconProps {
  category: FileCategory;
  /** Show the arrow of a symbolic link. */
  link?: boolean;
  /** A folder that is open. */
  open?: boolean;
}

/** The icon of a file; its colours are custom properties of the category. */
export function FileIcon({ category, link = false, open = false }: FileIconProps): ReactNode {
  return (
    <svg className={`anyfs-file-icon anyfs-is-${category}`} viewBox="0 0 24 24" aria-hidden="true"
      focusable="false">
      {category === 'folder' ? <Folder open={open} /> : <Sheet category={category} />}
      {link && <Badge />}
    </svg>
  );
}

function Folder({ open }: { open: boolean }): ReactNode {
  return (
    <>
      <path className="anyfs-folder-back"
        d="M2.8 6.3c0-1 .8-1.8 1.8-1.8h4.5c.5 0 1 .2 1.3.6l1.2 1.4h7.8c1 0 1.8.8 1.8 1.8v9.4H2.8z" />
      {open ?
        <path className="anyfs-folder-front"
          d="M5.6 10.2h15.6c.9 0 1.5.9 1.2 1.7l-2.1 6.4c-.2.7-.9 1.2-1.7 1.2H4.4c-1 0-1.7-.8-1.6-1.7l1.2-6.3c.1-.7.8-1.3 1.6-1.3z" /> :
        <path className="anyfs-folder-front"
          d="M2.8 10.2c0-.8.6-1.4 1.4-1.4h15.6c.8 0 1.4.6 1.4 1.4v7.5c0 1-.8 1.8-1.8 1.8H4.6c-1 0-1.8-.8-1.8-1.8z" />}
    </>
  );
}

function Sheet({ category }: { category: FileCategory }): ReactNode {
  return (
    <>
      <path className="anyfs-sheet"
        d="M6.3 2.6h7.4L19 7.9v11.8c0 .9-.8 1.7-1.7 1.7h-11c-.9 0-1.7-.8-1.7-1.7V4.3c0-.9.8-1.7 1.7-1.7z" />
      <path className="anyfs-fold" d="M13.6 2.8v3.7c0 .9.7 1.6 1.6 1.6h3.6" />
      <g className="anyfs-glyph">{GLYPHS[category]}</g>
    </>
  );
}

function Badge(): ReactNode {
  return (
    <>
      <rect className="anyfs-badge" x="1.2" y="13.2" width="9.6" height="9.6" rx="2.6" />
      <path className="anyfs-badge-arrow" d="M4 20.2c0-2.6 1.2-3.4 3.6-3.4M6 15.2l1.8 1.6L6 18.4" />
    </>
  );
}
