// SPDX-License-Identifier: GPL-2.0
/*
 * Devices.tsx - the disks of this computer, in the desktop program
 */
import { useState } from 'react';

import { type ImageSource, fromDesktop } from '../image/source.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import { type BlockDevices, desktop } from './desktop.js';

/** Only shown in the desktop program. */
export function Devices({ onOpen }: { onOpen(source: ImageSource): void }) {
  const say = useSay();
  const fmtBytes = useFmtBytes();
  const [found, setFound] = useState<BlockDevices | null>(null);
  const [error, setError] = useState('');
  const tell = (reason: unknown) => setError((reason as Error).message);

  return (
    <section className="start-recent">
      {!found && (
        <button className="button" onClick={() => void desktop!.blockDevices().then(setFound, tell)}>
          {say('devices.show')}
        </button>
      )}
      {found && <>
        <h2>{say('devices.title')}</h2>
        <ul>
          {found.devices.map(({ path, model, size, mounted, readable }) => (
            <li key={path}>
              <button disabled={!readable} onClick={() =>
                void desktop!.imageOfDevice(path).then((image) => onOpen(fromDesktop(image)), tell)}>
                <Icon name="disk" />
                <span className="grow ellipsis">{path} {model}</span>
                <span className="muted">{[fmtBytes(size), ...(mounted ? [say('devices.mounted')] : [])].join(' · ')}</span>
              </button>
            </li>
          ))}
        </ul>
        {found.note && <p className="note warn">{found.note}</p>}
      </>}
      {error && <p className="note danger" role="alert">{error}</p>}
    </section>
  );
}
