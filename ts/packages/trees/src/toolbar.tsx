// SPDX-License-Identifier: GPL-2.0
/*
 * toolbar.tsx - the row of buttons above the files
 */
import type { ReactNode } from 'react';

import { useBrowser } from './context.js';
import { Icon, type IconName } from './icons.js';
import { Location } from './location.js';
import type { MenuPlace } from './menu.js';
import type { Navigation } from './navigation.js';
import type { AnyfsFileBrowserProps } from './props.js';

interface ToolbarProps {
  navigation: Navigation;
  narrow: boolean;
  foldersOpen: boolean;
  toggleFolders(): void;
  editing: boolean;
  setEditing(editing: boolean): void;
  filtering: boolean;
  toggleFilter(): void;
  /** null: the application shows no preview, or there is no room for one. */
  previewOpen: boolean | null;
  togglePreview(): void;
  newFolder(): void;
  onView(place: MenuPlace): void;
  onMore(place: MenuPlace): void;
  props: AnyfsFileBrowserProps;
}

export function Toolbar(props: ToolbarProps): ReactNode {
  const { navigation, narrow, foldersOpen, editing, previewOpen } = props;
  const { strings, disk } = useBrowser();
  const crumbs = <Location path={navigation.path} navigate={navigation.navigate}
    superCrumb={props.props.superCrumb} editing={editing} setEditing={props.setEditing} />;

  return (
    <div className="anyfs-toolbar" role="toolbar" aria-label={strings.browser}>
      <Tool icon="sidebar" label={foldersOpen ? strings.hideFolders : strings.showFolders}
        pressed={foldersOpen} onClick={props.toggleFolders} />
      <span className="anyfs-tools">
        <Tool icon="back" label={strings.back} keys="Alt+←" disabled={!navigation.canBack}
          onClick={navigation.back} />
        {!narrow && <Tool icon="forward" label={strings.forward} keys="Alt+→"
          disabled={!navigation.canForward} onClick={navigation.forward} />}
        <Tool icon="up" label={strings.up} keys="Alt+↑" disabled={navigation.path === '/'}
          onClick={navigation.up} />
      </span>
      {crumbs}
      <span className="anyfs-tools">
        {!narrow && <Tool icon="search" label={strings.filter} keys="Ctrl+F" pressed={props.filtering}
          onClick={props.toggleFilter} />}
        {disk && !narrow && <Tool icon="newFolder" label={strings.newFolder} keys="Ctrl+Shift+N"
          onClick={props.newFolder} />}
        {!narrow && <Tool icon="view" label={strings.view} onPlace={props.onView} />}
        {previewOpen !== null && !narrow &&
          <Tool icon="preview" label={strings.preview} pressed={previewOpen} onClick={props.togglePreview} />}
        <Tool icon="more" label={strings.more} onPlace={props.onMore} />
      </span>
      {props.props.toolbarEnd}
    </div>
  );
}

interface ToolProps {
  icon: IconName;
  label: string;
  keys?: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick?(): void;
  /** Open the menu of the button at @place. */
  onPlace?(place: MenuPlace): void;
}

function Tool({ icon, label, keys, pressed, disabled, onClick, onPlace }: ToolProps): ReactNode {
  return (
    <button type="button" className="anyfs-button anyfs-plain" aria-label={label}
      title={keys ? `${label} (${keys})` : label} aria-pressed={pressed} disabled={disabled}
      aria-haspopup={onPlace ? 'menu' : undefined}
      onClick={(event) => {
        const { right, bottom } = event.currentTarget.getBoundingClientRect();
        onClick?.();
        onPlace?.({ x: right, y: bottom + 4, alignEnd: true });
      }}>
      <Icon name={icon} />
    </button>
  );
}
