// SPDX-License-Identifier: GPL-2.0
/*
 * Dialog.tsx - a dialog in front of the page; Escape closes it, and the focus returns to the page
 */
import { type ReactNode, useEffect, useId, useRef } from 'react';

import { useSay } from '../text/text.js';
import './dialog.css';
import { Icon } from './Icon.js';

interface DialogProps {
  title: string;
  /** Make the dialog as wide and high as the window allows. */
  large?: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons at the end of the dialog. */
  footer?: ReactNode;
}

export function Dialog({ title, large = false, onClose, children, footer }: DialogProps) {
  const say = useSay();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected)
        before.focus();
    };
  }, []);
  return (
    <dialog ref={ref} className={large ? 'dialog large' : 'dialog'} aria-labelledby={id}
      onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header className="row">
        <h2 id={id} className="grow">{title}</h2>
        <button className="button plain square" onClick={onClose} aria-label={say('close')}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
      {footer && <footer className="row">{footer}</footer>}
    </dialog>
  );
}
