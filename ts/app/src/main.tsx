// SPDX-License-Identifier: GPL-2.0
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './App.js';
import { startOffline } from './offline.js';
import './style/base.css';
import { TextProvider } from './text/text.js';
import { applyTheme } from './theme.js';

applyTheme();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <TextProvider>
      <App />
    </TextProvider>
  </StrictMode>);
startOffline();
