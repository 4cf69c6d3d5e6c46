// SPDX-License-Identifier: GPL-2.0
/*
 * dialog.tsx - dialogs, which Escape and a click outside close
 */
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';

interface DialogProps {
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  onClose(): void;
  className?: string;
  testId?: string;
  /** For questions: screen readers read the dialog at once, and there is no button to close it. */
  alert?: boolean;
}

export function Dialog(props: DialogProps): ReactNode {
  const { title, children, footer, onClose, className = '', testId, alert } = props;
  const { strings } = useBrowser();
  const dialog = useRef<HTMLDialogElement>(null);
  const box = useRef<HTMLFormElement>(null);
  const id = useId();

  // The cleanup of a layout effect runs before the dialog leaves the page: then close() can return
  // the focus to the element that had it.
  useLayoutEffect(() => {
    const element = dialog.current!;
    if (!element.open)
      element.showModal();
    // Otherwise the first button gets the focus, even if that is the close button.
    if (!alert)
      box.current!.focus();
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} className={`anyfs-dialog ${className}`} data-testid={testId}
      role={alert ? 'alertdialog' : undefined} aria-labelledby={`${id}-title`}
      aria-describedby={alert ? `${id}-body` : undefined}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onKeyDown={(event) => event.stopPropagation()}
      onPointerDown={(event) => { if (event.target === dialog.current) onClose(); }}>
      <form className="anyfs-dialog-box" method="dialog" tabIndex={-1} ref={box} onSubmit={(event) => event.preventDefault()}>
        <header className="anyfs-dialog-head">
          <h2 id={`${id}-title`}>{title}</h2>
          {!alert &&
            <button type="button" className="anyfs-button anyfs-plain" onClick={onClose}
              aria-label={strings.close} title={strings.close}><Icon name="close" /></button>}
        </header>
        <div className="anyfs-dialog-body" id={`${id}-body`}>{children}</div>
        {footer && <footer className="anyfs-dialog-foot">{footer}</footer>}
      </form>
    </dialog>
  );
}
