// SPDX-License-Identifier: GPL-2.0
/*
 * page.jsx - components that show a disk image with the hooks of @anyfs/react
 */
import {
  AnyfsProvider, useAnyfsDir, useAnyfsDisk, useAnyfsDiskMaybe, useAnyfsFile, useAnyfsMutation,
  useAnyfsPartitions, useDir, useFile,
} from '@anyfs/react';
import { Component, StrictMode, Suspense, useState, version } from 'react';
import { createRoot } from 'react-dom/client';

window.reactVersion = version;

function Status() {
  const { status, step, error, mountPath, kernel, mode, session, disk } = useAnyfsDisk();
  (window.statuses ??= new Set()).add(status);

  return (
    <p id="status" data-step={step} data-mode={mode} data-objects={!!session && !!disk}>
      {status} {mountPath} {error?.message} {kernel?.includes('Linux version') && 'Linux'}
    </p>
  );
}

function Directory({ path }) {
  const { entries, loading, error } = useAnyfsDir(path);

  return (
    <ul id="entries" aria-busy={loading} data-error={error?.code} data-count={entries.length}>
      {entries.slice(0, 1000).map(({ name, kind, stat }) =>
        <li key={name} data-kind={kind} data-size={stat?.size}>{name}</li>)}
    </ul>
  );
}

function Content({ path, range }) {
  const { data, size, loading, error } = useAnyfsFile(path, range);

  window.content = data;
  return (
    <pre id="content" data-loading={loading} data-size={size} data-error={error?.code}>
      {/* The layout of a text of several MB takes longer than the test waits. */}
      {data && data.length < 1000 && new TextDecoder().decode(data)}
    </pre>
  );
}

function Suspended({ path }) {
  const { entries } = useDir(path, { suspense: true });
  const { data } = useFile(`${path}/os-release`, undefined, { suspense: true });

  return <p id="suspended">{entries.length} entries, {data.length} bytes</p>;
}

class Boundary extends Component {
  state = { error: null };
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    return this.state.error ? <p id="boundary">{this.state.error.code}</p> : this.props.children;
  }
}

function Changes({ path }) {
  const change = useAnyfsMutation();

  window.change = change;
  return <p id="pending" data-error={change.error?.code}>{change.pending}</p>;
}

function Partitions() {
  const { partitions, loading, error } = useAnyfsPartitions();

  return (
    <p id="partitions" aria-busy={loading} data-error={error?.message}>
      {partitions.map(({ path, fstype }) => `${path} ${fstype}`).join()}
    </p>
  );
}

function Outside() {
  return <p id="outside">{String(useAnyfsDiskMaybe())}</p>;
}

function Page() {
  const [show, setShow] = useState(null);
  window.show = setShow;

  if (!show)
    return <Outside />;
  const { source, session, path, file, range, suspended, openOptions } = show;
  return (
    <AnyfsProvider source={source} session={session} openOptions={openOptions} prewarm>
      <Status />
      <Partitions />
      {path && <Directory path={path} />}
      {file && <Content path={file} range={range} />}
      {path && <Changes path={path} />}
      {suspended && (
        <Boundary key={suspended}>
          <Suspense fallback={<p id="fallback">wait</p>}><Suspended path={suspended} /></Suspense>
        </Boundary>
      )}
    </AnyfsProvider>
  );
}

createRoot(document.getElementById('root')).render(<StrictMode><Page /></StrictMode>);
