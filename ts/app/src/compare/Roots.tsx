// SPDX-License-Identifier: GPL-2.0
/*
 * Roots.tsx - choose the two directories to compare: a file system, a Btrfs subvolume, or any other
 */
import { type Disk, type Partition, joinPath, pathParts } from '@anyfs/core';
import { type FormEvent, useEffect, useState } from 'react';

import type { OpenImage } from '../image/use-image.js';
import { useSay } from '../text/text.js';
import { subvolumes } from './subvolumes.js';

/** The image that is compared with the open one; both may be the same image. */
export interface Other {
  name: string;
  disk: Disk;
  partitions: Partition[];
}

interface RootsProps {
  image: OpenImage;
  name: string;
  other: Other;
  onStart(old: string, now: string): void;
}

export function Roots({ image, name, other, onStart }: RootsProps) {
  const say = useSay();
  const before = useChoices(other.disk, other.partitions);
  const after = useChoices(image.disk, image.partitions);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const root = (side: string) => below(String(form.get(side)), String(form.get(`${side}-folder`)));
    onStart(root('old'), root('now'));
  };

  if (!before.length || !after.length)
    return <p className="note warn">{say('compare.nothing')}</p>;
  // If both sides are the same image, preselect two different file systems or subvolumes.
  const second = other.disk === image.disk ? after[1] : undefined;
  return (
    <form className="compare-form" onSubmit={submit}>
      <RootFields field="old" label={say('compare.old', { name: other.name })} choices={before} />
      <RootFields key={second?.path ?? ''} field="now" label={say('compare.now', { name })} choices={after} chosen={second?.path} />
      <button className="button primary">{say('compare.start')}</button>
    </form>
  );
}

interface Choice {
  path: string;
  label: string;
}

function RootFields({ field, label, choices, chosen }: {
  field: string; label: string; choices: readonly Choice[]; chosen?: string | undefined;
}) {
  const say = useSay();

  return (
    <fieldset className="compare-root">
      <legend>{label}</legend>
      <label>{say('compare.volume')}
        <select className="field" name={field} defaultValue={chosen}>
          {choices.map((one) => <option key={one.path} value={one.path}>{one.label}</option>)}
        </select>
      </label>
      <label>{say('compare.folder')}
        <input className="field" name={`${field}-folder`} defaultValue="/" autoComplete="off" spellCheck={false} />
      </label>
    </fieldset>
  );
}

/** File systems, each followed by the subvolumes that were found in it so far. */
function useChoices(disk: Disk, partitions: readonly Partition[]): Choice[] {
  const [found, setFound] = useState<ReadonlyMap<string, string[]>>(new Map());
  const opened = partitions.filter(({ fstype }) => fstype);

  useEffect(() => {
    const controller = new AbortController();
    for (const { path, fstype } of opened)
      if (fstype === 'btrfs')
        // If the subvolumes cannot be listed, the file system is compared as a whole, which
        // reports the error.
        subvolumes(disk, path, controller.signal).then((paths) => {
          if (!controller.signal.aborted)
            setFound((last) => new Map(last).set(path, paths));
        }, () => {});
    return () => controller.abort();
  }, [disk, partitions]);
  return opened.flatMap(({ path, label, fstype }) => [
    { path, label: `${path} ${label ? `${label}, ` : ''}${fstype}` },
    ...(found.get(path) ?? []).map((subvolume) => ({ path: subvolume, label: subvolume })),
  ]);
}

function below(root: string, folder: string): string {
  return pathParts(folder.trim()).reduce(joinPath, root);
}
