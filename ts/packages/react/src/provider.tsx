// SPDX-License-Identifier: GPL-2.0
/*
 * provider.tsx - opens an image, and hands it to the components below
 */
import {
  type AnyfsSession, type Disk, type SessionBackend, type SessionSource, WasmSession,
  prewarm as prewarmKernel,
} from '@anyfs/core';
import {
  type ReactNode, createContext, useContext, useEffect, useMemo, useRef, useState,
  useSyncExternalStore,
} from 'react';

import { filesOfDisk, filesOfSession } from './files.js';
import {
  type AnyfsDiskStatus, type Opened, type OpeningOptions, type Step, openSource,
} from './opening.js';
import { Resource, never } from './resource.js';
import { Store } from './store.js';

export interface AnyfsState {
  /** null: not open yet, or the provider got a disk. */
  session: AnyfsSession | null;
  /** The disk with all its calls; null: not open yet, or a native session serves it. */
  disk: Disk | null;
  /** Version of the kernel; null: not started yet. */
  kernel: string | null;
  /** Path of the first file system; null: not known yet, or none can be mounted. */
  mountPath: string | null;
  status: AnyfsDiskStatus;
  /** The current step of opening. */
  step: string;
  error: Error | null;
  mode: SessionBackend | null;
}

export interface AnyfsProviderProps extends OpeningOptions {
  /** The image.  Two objects with equal members mean the same image. */
  source?: SessionSource | null | undefined;
  /** An open disk, instead of @source.  The provider does not close it. */
  disk?: Disk | null | undefined;
  /** A session with an attached image, instead of @source.  The provider does not close it. */
  session?: AnyfsSession | null | undefined;
  /** Where the files of @disk or @session are; "/" by default. */
  mountPath?: string | undefined;
  /** Fetch and compile the kernel before there is an image. */
  prewarm?: boolean | undefined;
  children?: ReactNode;
}

interface Context extends AnyfsState {
  store: Store | null;
}

const IDLE: Context = {
  session: null, disk: null, kernel: null, mountPath: null, status: 'idle', step: '',
  error: null, mode: null, store: null,
};

const DiskContext = createContext<Context | null>(null);

/** Opens the image when the component is mounted, and closes it after the unmount. */
export function AnyfsProvider(props: AnyfsProviderProps): ReactNode {
  const { prewarm = false, children } = props;
  const opened = useOpened(props);
  const given = useGiven(props);

  useEffect(() => {
    // Ignore the error here: opening an image reports it again.
    if (prewarm)
      prewarmKernel(props.mountOpts).catch(() => {});
  }, [prewarm]);
  return <DiskContext.Provider value={given ?? opened}>{children}</DiskContext.Provider>;
}

/** The state of the disk that the nearest provider opens.  Throws if there is none. */
export function useAnyfsDisk(): AnyfsState {
  return useDiskContext();
}

/** Like useAnyfsDisk(), but returns null without a provider. */
export function useAnyfsDiskMaybe(): AnyfsState | null {
  return useContext(DiskContext);
}

/** The state with the store of loaded files, for the hooks of this package. */
export function useDiskContext(): Context {
  const context = useContext(DiskContext);

  if (!context)
    throw new Error('there is no AnyfsProvider above this component');
  return context;
}

function useGiven(props: AnyfsProviderProps): Context | null {
  const { session = null, mountPath = '/' } = props;
  const disk = props.disk ?? (session instanceof WasmSession ? session.disk : null);
  const store = useMemo(() => disk ? new Store(filesOfDisk(disk), disk) :
    session && new Store(filesOfSession(session), null), [disk, session]);

  return useMemo(() => store && {
    ...IDLE, session, disk, mountPath, store, status: 'ready', step: 'ready',
    mode: disk ? 'wasm' : 'native',
  }, [session, disk, mountPath, store]);
}

function useOpened(props: AnyfsProviderProps): Context {
  const options = useRef(props);
  const [step, setStep] = useState<Step>({ status: 'booting', step: 'booting' });
  const source = props.disk || props.session ? null : props.source ?? null;
  options.current = props;
  const resource = useMemo(() => source ? new Resource<Opened>(
    (signal) => openSource(source, options.current, setStep, signal),
    (opened) => { void opened.session?.close().catch(() => {}); }) : never<Opened>(),
  // A Blob cannot be compared by content, only by identity.
  [source?.kind, source && contentOf(source)]);
  const { value, error } = useSyncExternalStore(resource.subscribe, resource.get, resource.get);

  return useMemo(() => {
    if (!source)
      return IDLE;
    if (error)
      return { ...IDLE, status: 'error', error };
    return value ? { ...IDLE, ...value, status: 'ready', step: 'ready' } : { ...IDLE, ...step };
  }, [source !== null, value, error, step]);
}

function contentOf(source: SessionSource): Blob | string {
  return source.kind === 'blob' ? source.blob : source.kind === 'url' ? source.url : source.path;
}
