// SPDX-License-Identifier: GPL-2.0
/*
 * FileInput.tsx - a button that lets the user choose a file
 */
import { useRef } from 'react';

interface FileInputProps {
  /** Id of the input element. */
  id?: string;
  label: string;
  className?: string;
  disabled?: boolean;
  /** Called instead of opening the dialog of the input element. */
  open?: (() => void) | null;
  onFile(file: File): void;
}

export function FileInput({ id, label, className = 'button', disabled = false, open = null, onFile }: FileInputProps) {
  const input = useRef<HTMLInputElement>(null);

  return (
    <>
      <button type="button" className={className} disabled={disabled}
        onClick={() => open ? open() : input.current!.click()}>{label}</button>
      <input ref={input} id={id} type="file" hidden onChange={({ target }) => {
        const file = target.files?.[0];
        // Without this the same file could not be chosen again.
        target.value = '';
        if (file)
          onFile(file);
      }} />
    </>
  );
}
