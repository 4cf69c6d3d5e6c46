// SPDX-License-Identifier: GPL-2.0
/*
 * main.jsx - a project outside this repository: it opens the file "image" of its server
 */
import { AnyfsProvider } from '@anyfs/react';
import { AnyfsFileBrowser } from '@anyfs/trees';
import '@anyfs/trees/style.css';
import { createRoot } from 'react-dom/client';

const blob = await (await fetch('image')).blob();

createRoot(document.getElementById('root')).render(
  <AnyfsProvider source={{ kind: 'blob', blob }}><AnyfsFileBrowser /></AnyfsProvider>);
