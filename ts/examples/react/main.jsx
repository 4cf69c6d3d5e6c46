// SPDX-License-Identifier: GPL-2.0
/*
 * main.jsx - a file browser for an image, and the content of the file that is double-clicked
 */
import { AnyfsProvider, useAnyfsDisk, useAnyfsFile } from '@anyfs/react';
import { AnyfsFileBrowser } from '@anyfs/trees';
import '@anyfs/trees/style.css';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const [image, setImage] = useState(null);

  return (
    <AnyfsProvider source={image && { kind: 'blob', blob: image }} prewarm>
      <label>Image: <input type="file" onChange={({ target }) => setImage(target.files[0])} /></label>
      <Files />
    </AnyfsProvider>
  );
}

function Files() {
  const { status, step, error } = useAnyfsDisk();
  const [path, setPath] = useState(null);

  if (error)
    return <p role="alert">{error.message}</p>;
  if (status !== 'ready')
    return <p>{status === 'idle' ? 'Choose an image.' : `${step} ...`}</p>;
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '2fr 1fr', height: '90vh' }}>
      <AnyfsFileBrowser onFileActivate={({ path }) => setPath(path)} />
      <Content path={path} />
    </div>
  );
}

function Content({ path }) {
  // At most the first 64 KiB; null: nothing is loaded.
  const { data, size, error } = useAnyfsFile(path, { offset: 0, length: 65536 });

  if (error)
    return <p role="alert">{error.message}</p>;
  return <pre className="content">{data ? new TextDecoder().decode(data) : ''}{size > 65536 ? '...' : ''}</pre>;
}

createRoot(document.getElementById('root')).render(<App />);
