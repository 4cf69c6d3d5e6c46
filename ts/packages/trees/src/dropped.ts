// SPDX-License-Identifier: GPL-2.0
/*
 * dropped.ts - files and directories that the user drops on the page or chooses
 */
export interface DroppedFile {
  /** Relative to the directory that it is copied to: "a.txt", "photos/b.jpg". */
  path: string;
  /** null: a directory. */
  file: File | null;
}

/** Whether the drag has files of the host. */
export function bringsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/**
 * A function that lists the dropped files, each directory before its entries.  Call
 * droppedFiles() in the event handler: the web browser empties @transfer when the handler returns.
 */
export function droppedFiles(transfer: DataTransfer): (signal: AbortSignal) => Promise<DroppedFile[]> {
  const entries = [...transfer.items].filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null);

  return async (signal) => {
    const found: DroppedFile[] = [];
    for (const entry of entries) {
      if (entry instanceof File)
        found.push({ path: entry.name, file: entry });
      else
        await collect(entry, '', found, signal);
    }
    return found;
  };
}

/**
 * The files of an <input type="file">; if the input has webkitdirectory, with their directories.
 */
export function chosenFiles(list: FileList): DroppedFile[] {
  const folders = new Set<string>();
  const files: DroppedFile[] = [];

  for (const file of list) {
    const path = file.webkitRelativePath || file.name;
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, i) => folders.add(parts.slice(0, i + 1).join('/')));
    files.push({ path, file });
  }
  // Sorting puts each directory before its entries, since its path is a prefix of theirs.
  return [...[...folders].sort().map((path) => ({ path, file: null })), ...files];
}

/** Append @entry and all entries below it to @found. */
async function collect(entry: FileSystemEntry, prefix: string, found: DroppedFile[],
  signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const path = prefix + entry.name;

  if (entry.isFile) {
    found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  found.push({ path, file: null });
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry))
    await collect(child, `${path}/`, found, signal);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** Read all entries: each call of readEntries() returns up to 100, and none at the end. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];

  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject));
    if (!some.length)
      return all;
    all.push(...some);
  }
}
