// SPDX-License-Identifier: GPL-2.0
/*
 * log.ts - the changes that were made to an open image, and how to undo them
 */
export type ChangeKind = 'write' | 'create' | 'mkdir' | 'rename' | 'remove' | 'removePart' | 'chmod' | 'chown' |
  'times' | 'symlink' | 'attribute';

export interface Change {
  id: number;
  kind: ChangeKind;
  path: string;
  /** The new path, after a rename. */
  to?: string;
  /** null: this change cannot be undone separately. */
  undo: (() => Promise<unknown>) | null;
  /** Bytes of old content that are kept for undo. */
  bytes: number;
}

export type Entry = Omit<Change, 'id'>;

/** Bytes of old content that all changes together may keep: 64 MiB. */
const LIMIT = 64 << 20;

export class ChangeLog {
  /** The newest is the last one. */
  private changes: readonly Change[] = [];
  /** Ids of the changes that the last saved file contains. */
  private savedIds: ReadonlySet<number> = new Set();
  private kept = 0;
  private lastId = 0;
  private undoing = false;
  private readonly listeners = new Set<() => void>();

  readonly list = (): readonly Change[] => this.changes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  /** Differences from the saved file: changes that it lacks, and changes in it that were undone. */
  get unsaved(): number {
    const ids = this.ids();
    return [...ids].filter((id) => !this.savedIds.has(id)).length +
      [...this.savedIds].filter((id) => !ids.has(id)).length;
  }

  /** Bytes of old content that may still be kept. */
  get room(): number {
    return LIMIT - this.kept;
  }

  ids(): Set<number> {
    return new Set(this.changes.map(({ id }) => id));
  }

  /**
   * @param joins @change is the second of two renames through a temporary name: merge the two
   */
  add(change: Entry, joins = false): void {
    const last = this.changes.at(-1);

    if (joins && last?.kind === 'rename' && last.to === change.path && !this.savedIds.has(last.id)) {
      const before = this.changes.slice(0, -1);
      // The second rename gave the file its old name again, so nothing has changed.
      if (last.path === change.to)
        this.set(before);
      else
        this.append(before, mergeChanges(last, change));
    } else {
      this.append(this.changes, change);
    }
  }

  /** Undo the newest change.  null: it cannot be undone, or another undo is in progress. */
  async undo(): Promise<Change | null> {
    const last = this.changes.at(-1);
    if (!last?.undo || this.undoing)
      return null;
    this.undoing = true;
    try {
      await last.undo();
    } finally {
      this.undoing = false;
    }
    this.set(this.changes.filter(({ id }) => id !== last.id));
    return last;
  }

  /** The saved file contains the changes @ids and no others. */
  saved(ids: ReadonlySet<number>): void {
    this.savedIds = ids;
    this.set(this.changes);
  }

  private append(before: readonly Change[], change: Entry): void {
    const fits = change.bytes <= LIMIT - bytesOf(before);
    this.set([...before, { ...change, id: ++this.lastId, ...(fits ? {} : { undo: null, bytes: 0 }) }]);
  }

  private set(changes: readonly Change[]): void {
    this.changes = [...changes];
    this.kept = bytesOf(changes);
    this.listeners.forEach((listener) => listener());
  }
}

function bytesOf(changes: readonly Entry[]): number {
  return changes.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Join two renames of one file. */
function mergeChanges(first: Entry, second: Entry): Entry {
  return {
    ...second, path: first.path, undo: first.undo && second.undo && (async () => {
      await second.undo!();
      await first.undo!();
    }),
  };
}
