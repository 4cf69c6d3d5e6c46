// SPDX-License-Identifier: GPL-2.0
/*
 * drafts.ts - texts that the user has typed and not stored in the image yet
 */
export class Drafts {
  private texts: ReadonlyMap<string, string> = new Map();
  private readonly listeners = new Set<() => void>();

  /** The texts by path. */
  readonly all = (): ReadonlyMap<string, string> => this.texts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  set(path: string, text: string): void {
    this.update(new Map(this.texts).set(path, text));
  }

  /** @param stored forget the draft only if it has this text */
  remove(path: string, stored = this.texts.get(path)): void {
    const left = new Map(this.texts);

    if (this.texts.get(path) === stored && left.delete(path))
      this.update(left);
  }

  private update(texts: ReadonlyMap<string, string>): void {
    this.texts = texts;
    this.listeners.forEach((listener) => listener());
  }
}
