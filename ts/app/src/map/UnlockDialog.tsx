// SPDX-License-Identifier: GPL-2.0
/*
 * UnlockDialog.tsx - ask for the password, or a key file, of an encrypted volume
 */
import type { Disk } from '@anyfs/core';
import { type FormEvent, useId, useRef, useState } from 'react';

import { codeOf } from '../image/attributes.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { FileInput } from '../ui/FileInput.js';

interface UnlockProps {
  disk: Disk;
  path: string;
  name: string;
  onClose(): void;
  onUnlocked(): Promise<void>;
}

export function UnlockDialog({ disk, path, name, onClose, onUnlocked }: UnlockProps) {
  const say = useSay();
  const id = useId();
  const password = useRef<HTMLInputElement>(null);
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState<Error | null>(null);
  const unlock = async (secret: string | Promise<ArrayBuffer>) => {
    setWorking(true);
    setWrong(null);
    try {
      await disk.unlock(path, typeof secret === 'string' ? secret : new Uint8Array(await secret));
      await onUnlocked();
      onClose();
    } catch (error) {
      setWrong(error as Error);
      setWorking(false);
      password.current?.select();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void unlock(password.current!.value);
  };

  return (
    <Dialog title={say('unlock.title', { name })} onClose={onClose} footer={<>
      <FileInput label={say('unlock.keyFile')} disabled={working} onFile={(key) => void unlock(key.arrayBuffer())} />
      <span className="grow" />
      <button className="button" onClick={onClose}>{say('cancel')}</button>
      <button className="button primary" form={id} disabled={working}>{say('map.unlock')}</button>
    </>}>
      <form id={id} onSubmit={submit}>
        <label>{say('unlock.password')}
          <input ref={password} className="field" type="password" autoComplete="off" autoFocus disabled={working}
            aria-invalid={wrong !== null} aria-describedby={wrong ? `${id}-wrong` : undefined} />
        </label>
      </form>
      {wrong && <p id={`${id}-wrong`} className="note danger" role="alert">
        {codeOf(wrong) === 'EKEYREJECTED' ? say('unlock.wrong') : wrong.message}</p>}
      <p className="muted row" role="status">
        {working ? <><span className="spinner" />{say('unlock.working')}</> : say('unlock.private')}
      </p>
    </Dialog>
  );
}
