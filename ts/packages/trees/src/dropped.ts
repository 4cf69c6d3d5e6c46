// SPDX-License-Identifier: GPL-2.0
/*
 * dropped.ts - files and folders that the user drops on the page or chooses
 */
export interface DroppedFile {
  /** From the folder that it goes to: "a.txt", "photos/b.jpg". */
  path: string;
  /** null: a folder. */
  file: File | null;
}

/** Whether a drag brings files of the host. */
export function bringsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/**
 * The files of a drop.  Call it before the event handler returns: the browser empties
 * @transfer then.  A folder is before what is in it.
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

/** Those of <input type="file">, also of one that takes folders. */
export function chosenFiles(list: FileList): DroppedFile[] {
  const folders = new Set<string>();
  const files: DroppedFile[] = [];

  for (const file of list) {
    const path = file.webkitRelativePath || file.name;
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, i) => folders.add(parts.slice(0, i + 1).join('/')));
    files.push({ path, file });
  }
  // A folder sorts before its content.
  return [...[...folders].sort().map((path) => ({ path, file: null })), ...files];
}

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

/** readEntries() gives a hundred at a time, and none at the end. */
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
