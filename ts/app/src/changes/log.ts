// SPDX-License-Identifier: GPL-2.0
/*
 * log.ts - the changes that were made to an open image, and how to undo them
 */
export type ChangeKind = 'write' | 'create' | 'mkdir' | 'rename' | 'remove' | 'chmod' | 'chown' | 'symlink' | 'attribute';

export interface Change {
  id: number;
  kind: ChangeKind;
  path: string;
  /** The new path, after a rename. */
  to?: string;
  /** null: it cannot be undone alone. */
  undo: (() => Promise<unknown>) | null;
  /** Bytes that undo needs to keep. */
  bytes: number;
}

/** Old content that all changes together may keep: 64 MiB. */
const LIMIT = 64 << 20;

export class ChangeLog {
  /** The newest is the last one. */
  private changes: readonly Change[] = [];
  /** What a save has stored. */
  private savedIds: ReadonlySet<number> = new Set();
  private kept = 0;
  private lastId = 0;
  private readonly listeners = new Set<() => void>();

  readonly list = (): readonly Change[] => this.changes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  get unsaved(): number {
    return this.changes.filter(({ id }) => !this.savedIds.has(id)).length;
  }

  add(change: Omit<Change, 'id'>): void {
    const fits = this.kept + change.bytes <= LIMIT;
    const next = { ...change, id: ++this.lastId, ...(fits ? {} : { undo: null, bytes: 0 }) };
    let before = this.changes;

    // Of a directory that was emptied and removed, one line says all.
    if (change.kind === 'remove')
      before = before.slice(0, lastOutside(before, `${change.path}/`) + 1);
    this.set([...before, next]);
  }

  /** Undo the newest change. */
  async undo(): Promise<Change | null> {
    const last = this.changes.at(-1);
    if (!last?.undo)
      return null;
    await last.undo();
    this.set(this.changes.slice(0, -1));
    return last;
  }

  /** All that was made up to here is stored in a file. */
  saved(): void {
    this.savedIds = new Set(this.changes.map(({ id }) => id));
    this.set(this.changes);
  }

  private set(changes: readonly Change[]): void {
    this.changes = [...changes];
    this.kept = changes.reduce((sum, { bytes }) => sum + bytes, 0);
    this.listeners.forEach((listener) => listener());
  }
}

/** Index of the last change that is not a removal below @prefix; negative: none. */
function lastOutside(changes: readonly Change[], prefix: string): number {
  return changes.findLastIndex(({ kind, path }) => kind !== 'remove' || !path.startsWith(prefix));
}
