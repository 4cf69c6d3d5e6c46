// SPDX-License-Identifier: GPL-2.0
/*
 * EditView.tsx - change a text; its encoding, line ends and byte order mark stay as they are
 */
import { useAnyfsMutation } from '@anyfs/react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import { useSay } from '../text/text.js';
import { Waiting } from '../ui/Waiting.js';
import { Problem } from '../ui/Problem.js';
import { type Encoding, LABELS, decodeText, encodeText } from './encoding.js';
import type { Reader } from './reader.js';

interface EditProps {
  path: string;
  reader: Reader;
  encoding: Encoding;
  onSaved(): void;
  onCancel(): void;
}

export function EditView({ path, reader, encoding, onSaved, onCancel }: EditProps) {
  const say = useSay();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState<{ value: string; crlf: boolean } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const { writeFile, pending } = useAnyfsMutation();

  useEffect(() => {
    let current = true;
    reader.read(0, reader.size).then((bytes) => {
      if (current)
        setText(decodeText(bytes, encoding));
    }, (reason: unknown) => current && setError(reason as Error));
    return () => { current = false; };
  }, [reader, encoding]);
  useEffect(() => area.current?.focus(), [text]);
  const save = async () => {
    try {
      await writeFile(path, encodeText(area.current!.value, text!.crlf, encoding));
      onSaved();
    } catch (reason) {
      setError(reason as Error);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      void save();
    }
  };

  if (!text)
    return error ? <Problem error={error} /> : <Waiting text={say('preview.loading')} />;
  return (
    <>
      <div className="preview-tools row wrap">
        <button className="button primary" disabled={pending > 0} onClick={() => void save()}>{say('edit.save')}</button>
        <button className="button" onClick={onCancel}>{say('cancel')}</button>
        <span className="muted">{LABELS[encoding.label]}{text.crlf ? ', CRLF' : ''}</span>
      </div>
      {error && <p className="note danger" role="alert">{error.message}</p>}
      <textarea ref={area} className="edit mono" spellCheck={false} aria-label={say('edit.label')} defaultValue={text.value}
        onKeyDown={onKeyDown} />
    </>
  );
}
