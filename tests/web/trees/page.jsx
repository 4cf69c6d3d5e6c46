// SPDX-License-Identifier: GPL-2.0
/*
 * page.jsx - shows an image in a file browser
 *
 * start(options, props) opens the file "image" of the server.  Calls of the application's
 * callbacks are recorded in the list "events"; props name the callbacks.
 */
import { WasmSession, open } from '@anyfs/core';
import { AnyfsProvider } from '@anyfs/react';
import { AnyfsFileBrowser } from '@anyfs/trees';
import '@anyfs/trees/dist/style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = createRoot(document.getElementById('root'));
const record = (name) => (value) => window.events.push([name, value]);
const names = (files) => files.map(({ name }) => name);

window.events = [];
window.start = async (options, props) => {
  window.disk = await open(await (await fetch('image')).blob(), options);
  window.show(props);
};

window.show = ({ preview, downloads, ...props }) => root.render(
  <StrictMode>
    <AnyfsProvider disk={window.disk}>
      <AnyfsFileBrowser {...props}
        {...preview && { renderPreview: (file) => <p id="shown">{file?.name ?? 'nothing'}</p> }}
        {...downloads && { onDownload: record('download') }}
        onSelectionChange={(files) => record('selection')(names(files))}
        onFileActivate={({ relPath, mountPath, path }) => record('activate')([relPath, mountPath, path])}
        onPathChange={record('path')}
        actions={[{ id: 'own', label: 'My own action', run: record('action') }]} />
    </AnyfsProvider>
  </StrictMode>);

/** A directory of @count files that exist in no image. */
window.startMany = (count) => {
  const stat = (number) => ({
    ino: number + 2, dev: 1, rdev: 0, mode: number < 0 ? 0o40755 : 0o100644, nlink: 1, uid: 0, gid: 0,
    size: number, blocks: 8, blksize: 4096, kind: number < 0 ? 'dir' : 'file', atime: 0, ctime: 0,
    mtime: number,
  });
  window.disk = {
    async *list() {
      for (let i = 0; i < count; i++) {
        const number = i * 7919 % count;
        // Deliver parts like the messages of a worker, so that other events are handled between
        // them.
        if (i % 1000 === 0)
          await new Promise((resolve) => { window.onmessage = resolve; window.postMessage(''); });
        yield { entry: { name: `file ${number}`, ino: number + 2, kind: 'file' }, stat: stat(number) };
      }
    },
    stat: async () => stat(-1),
    statFollow: async () => stat(-1),
  };
  window.show({ mountPath: '/' });
};

/** Without a provider, pass a session to the browser. */
window.startSession = async (props) => {
  const session = new WasmSession();
  await session.attachBlob(await (await fetch('image')).blob());
  const mountPath = await session.enter((await session.listParts())[0].slot_id);
  root.render(<AnyfsFileBrowser session={session} mountPath={mountPath} {...props} />);
};

/** Download the changed image. */
window.save = async () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await new Response(window.disk.export()).blob());
  link.download = 'changed.img';
  link.click();
};
