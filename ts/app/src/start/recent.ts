// SPDX-License-Identifier: GPL-2.0
/*
 * recent.ts - images that were opened before, if the user wants them to be remembered
 *
 * IndexedDB keeps handles of files, not their content.  Without the user's consent nothing
 * is stored; when the user withdraws the consent, everything is deleted.
 */
import { desktop } from '../desktop/desktop.js';
import { type ImageSource, fromDesktop, fromHandle, fromUrl } from '../image/source.js';
import { store, stored } from '../settings.js';

export interface Recent {
  name: string;
  /** Milliseconds since 1970. */
  opened: number;
  handle?: FileSystemFileHandle;
  url?: string;
  /** The path of an image in the desktop program, which stores the list. */
  path?: string;
}

const NAME = 'anyfs-recent';
const STORE = 'images';
/** Number of images that are remembered. */
const LIMIT = 8;

export function remembers(): boolean {
  return stored('recent') === 'yes';
}

export async function setRemembers(on: boolean): Promise<void> {
  store('recent', on ? 'yes' : null);
  if (on)
    return;
  await desktop?.forget();
  await requestResult(indexedDB.deleteDatabase(NAME));
}

/** The most recent first. */
export async function recentImages(): Promise<Recent[]> {
  if (!remembers())
    return [];
  const all = await withStore('readonly', (images) => images.getAll() as IDBRequest<Recent[]>);
  all.push(...await desktop?.recentImages() ?? []);
  return all.sort((a, b) => b.opened - a.opened);
}

export async function remember(source: ImageSource): Promise<void> {
  const { name } = source;
  if (source.kind === 'desktop') {
    if (remembers())
      await desktop!.remember(source.image.id).catch(() => {});
    return;
  }
  const entry: Recent | null = source.kind === 'url' ? { name, opened: Date.now(), url: source.url } :
    source.handle ? { name, opened: Date.now(), handle: source.handle } : null;

  if (!entry || !remembers())
    return;
  try {
    for (const [i, old] of (await recentImages()).entries())
      if (i >= LIMIT - 1 || await isSame(old, entry))
        await withStore('readwrite', (images) => images.delete(old.opened));
    await withStore('readwrite', (images) => images.put(entry));
  } catch {
    // Ignore the error: images can be opened even if the browser stores nothing.
  }
}

/** Open the image again; the browser may ask the user.  null: the user has refused. */
export async function openRecent({ handle, url, path }: Recent): Promise<ImageSource | null> {
  if (path !== undefined)
    return fromDesktop(await desktop!.imageOfRecent(path));
  if (url !== undefined)
    return fromUrl(url);
  if (await handle!.requestPermission?.({ mode: 'read' }) === 'denied')
    return null;
  return fromHandle(handle!);
}

async function isSame(a: Recent, b: Recent): Promise<boolean> {
  return a.url !== undefined ? a.url === b.url : a.handle !== undefined && b.handle !== undefined && await a.handle.isSameEntry(b.handle);
}

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>) {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'opened' });
  const db = await requestResult(request);
  try {
    return await requestResult(use(db.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    db.close();
  }
}

function requestResult<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}
