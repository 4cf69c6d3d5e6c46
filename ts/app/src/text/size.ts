// SPDX-License-Identifier: GPL-2.0
/*
 * size.ts - sizes in the language of the user
 *
 * This is not in text.tsx, because it needs @anyfs/core, which is loaded after the first screen.
 */
import { fmtBytes } from '@anyfs/core';
import { useMemo } from 'react';

import { useTexts } from './text.js';

/** @return a function that gives "1.5 MiB", or "1,5 MiB" */
export function useFmtBytes(): (bytes: number) => string {
  const { language } = useTexts();

  return useMemo(() => {
    const parts = new Intl.NumberFormat(language).formatToParts(0.5);
    const point = parts.find(({ type }) => type === 'decimal')!.value;
    return (bytes) => fmtBytes(bytes).replace('.', point);
  }, [language]);
}
