// SPDX-License-Identifier: GPL-2.0
/*
 * questions.tsx - the dialogs before files are deleted or replaced
 */
import { baseName, parentPath } from '@anyfs/core';
import { type ReactNode, useState } from 'react';

import { useBrowser } from './context.js';
import { Dialog } from './dialog.js';
import type { FileItem } from './item.js';
import type { Answer } from './upload.js';

interface DeleteQuestionProps {
  items: readonly FileItem[];
  onAnswer(yes: boolean): void;
}

export function DeleteQuestion({ items, onAnswer }: DeleteQuestionProps): ReactNode {
  const { strings } = useBrowser();

  return (
    <Dialog alert title={strings.deleteTitle(items.length, items[0]!.name)}
      testId="delete-question" onClose={() => onAnswer(false)} footer={
        <>
          <button type="button" className="anyfs-button" onClick={() => onAnswer(false)} autoFocus>
            {strings.cancel}
          </button>
          <button type="button" className="anyfs-button anyfs-danger-button"
            data-testid="delete-yes" onClick={() => onAnswer(true)}>
            {strings.delete.replace(/…$/, '')}
          </button>
        </>
      }>
      <p>{strings.deleteText}</p>
      {items.length > 1 && <NameList names={items.map(({ name }) => name)} />}
    </Dialog>
  );
}

/** The first few names. */
function NameList({ names }: { names: string[] }): ReactNode {
  const SHOWN = 6;
  const more = names.length - SHOWN;

  return (
    <ul className="anyfs-names">
      {names.slice(0, SHOWN).map((name) => <li key={name}>{name}</li>)}
      {more > 0 && <li aria-hidden="true">+ {more}</li>}
    </ul>
  );
}

export interface Conflict {
  path: string;
  resolve(answer: { answer: Answer; forAll: boolean }): void;
  /** Called when the user wants to stop the upload. */
  cancel(): void;
}

export function ReplaceQuestion({ conflict }: { conflict: Conflict }): ReactNode {
  const { strings, rootLabel } = useBrowser();
  const [forAll, setForAll] = useState(false);
  const answers: [Answer, string][] = [
    ['skip', strings.skip], ['keepBoth', strings.keepBoth], ['replace', strings.replace],
  ];

  return (
    <Dialog alert title={strings.existsTitle(baseName(conflict.path))} testId="replace-question"
      onClose={conflict.cancel} footer={
        <>
          <button type="button" className="anyfs-button anyfs-plain" onClick={conflict.cancel}>
            {strings.cancel}
          </button>
          <span className="anyfs-spring" />
          {answers.map(([answer, label]) =>
            <button key={answer} type="button" data-testid={`answer-${answer}`}
              autoFocus={answer === 'skip'}
              className={`anyfs-button${answer === 'replace' ? ' anyfs-primary' : ''}`}
              onClick={() => conflict.resolve({ answer, forAll })}>{label}</button>)}
        </>
      }>
      <p>{strings.existsText(baseName(parentPath(conflict.path)) || rootLabel)}</p>
      <label className="anyfs-check">
        <input type="checkbox" checked={forAll}
          onChange={(event) => setForAll(event.target.checked)} />
        {strings.forAll}
      </label>
    </Dialog>
  );
}
