// SPDX-License-Identifier: GPL-2.0
/*
 * ChooseImage.tsx - a button to choose the file of an image; errors are shown below it
 */
import { useState } from 'react';

import { FileInput } from '../ui/FileInput.js';
import { HAS_HANDLES, pickImage } from './pick.js';
import { type ImageSource, fromFile } from './source.js';

interface ChooseImageProps {
  /** Id of the input element. */
  id: string;
  label: string;
  onChoose(source: ImageSource): void;
}

export function ChooseImage({ id, label, onChoose }: ChooseImageProps) {
  const [error, setError] = useState<Error | null>(null);
  const pick = async () => {
    setError(null);
    try {
      const source = await pickImage();
      if (source)
        onChoose(source);
    } catch (reason) {
      setError(reason as Error);
    }
  };

  return (
    <>
      <FileInput id={id} label={label} className="button primary" open={HAS_HANDLES ? () => void pick() : null}
        onFile={(file) => onChoose(fromFile(file))} />
      {error && <p className="note danger" role="alert">{error.message}</p>}
    </>
  );
}
