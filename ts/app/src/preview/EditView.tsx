// SPDX-License-Identifier: GPL-2.0
/*
 * EditView.tsx - change a text; its encoding, line ends and byte order mark are kept
 *
 * The text is kept as a draft of the open image, so that it survives when another file is shown.
 */
import { useAnyfsMutation } from '@anyfs/react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import { useDrafts } from '../changes/context.js';
import { useSay } from '../text/text.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';
import { DiscardDialog } from './DiscardDialog.js';
import { type Encoding, LABELS, decodeText, encodeText } from './encoding.js';
import { type SplitText, kindsOf } from './line-ends.js';
import type { Reader } from './reader.js';

interface EditProps {
  path: string;
  reader: Reader;
  encoding: Encoding;
  onSaved(): void;
  onCancel(): void;
}

const END_NAMES = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };

export function EditView({ path, reader, encoding, onSaved, onCancel }: EditProps) {
  const say = useSay();
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, error: unreadable } = useText(reader, encoding);
  const [error, setError] = useState<Error | null>(null);
  const [asking, setAsking] = useState(false);
  const [texts, drafts] = useDrafts();
  const saving = useRef(false);
  const { run, pending } = useAnyfsMutation();
  const draft = texts.get(path);

  useEffect(() => area.current?.focus(), [text]);
  const save = async () => {
    if (saving.current)
      return;
    saving.current = true;
    setError(null);
    const { value } = area.current!;
    try {
      const data = encodeText(value, text!, encoding);
      await run(async (disk) => {
        await disk.writeFile(path, data);
        // Text that was typed during the save stays a draft.
        drafts.remove(path, value);
      }, path);
      // Do not reset saving: the next key must not save again before this view is removed.
      onSaved();
    } catch (reason) {
      setError(reason as Error);
      saving.current = false;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      void save();
    }
  };
  const change = (value: string) => value === text!.value ? drafts.remove(path) : drafts.set(path, value);

  if (!text)
    return unreadable ? <Problem error={unreadable} /> : <Waiting text={say('preview.loading')} />;
  const kinds = kindsOf(text);
  return (
    <>
      <div className="preview-tools row wrap">
        <button className="button primary" disabled={pending > 0} onClick={() => void save()}>{say('edit.save')}</button>
        <button className="button" onClick={() => draft === undefined ? onCancel() : setAsking(true)}>{say('cancel')}</button>
        <span className="muted">{[LABELS[encoding.label], ...kinds.map((kind) => END_NAMES[kind])].join(', ')}</span>
        {kinds.length > 1 && <span className="muted">{say('edit.mixed', { kind: END_NAMES[kinds[0]!] })}</span>}
      </div>
      {error && <p className="note danger" role="alert">{error.message}</p>}
      <textarea ref={area} className="edit mono" spellCheck={false} aria-label={say('edit.label')}
        defaultValue={draft ?? text.value} onChange={(event) => change(event.target.value)} onKeyDown={onKeyDown} />
      {asking && <DiscardDialog path={path} onClose={() => setAsking(false)} onDiscard={onCancel} />}
    </>
  );
}

function useText(reader: Reader, encoding: Encoding): { text: SplitText | null; error: Error | null } {
  const [state, setState] = useState<{ text: SplitText | null; error: Error | null }>({ text: null, error: null });

  useEffect(() => {
    let current = true;
    reader.read(0, reader.size).then((bytes) => {
      if (current)
        setState({ text: decodeText(bytes, encoding), error: null });
    }).catch((error: unknown) => current && setState({ text: null, error: error as Error }));
    return () => { current = false; };
    // The caller passes a new object as encoding in each render.
  }, [reader, encoding.label, encoding.skip]);
  return state;
}
