// SPDX-License-Identifier: GPL-2.0
/*
 * RecentImages.tsx - images that were opened before, and the question whether to remember them
 */
import { useEffect, useState } from 'react';

import type { ImageSource } from '../image/source.js';
import { useTexts } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import { type Recent, openRecent, recentImages, remembers, setRemembers } from './recent.js';

export function RecentImages({ onOpen }: { onOpen(source: ImageSource): void }) {
  const { say, language } = useTexts();
  const [on, setOn] = useState(remembers);
  const [images, setImages] = useState<Recent[]>([]);
  const [error, setError] = useState('');

  useEffect(() => {
    let current = true;
    recentImages().then((found) => { if (current) setImages(found); }, () => {});
    return () => { current = false; };
  }, [on]);
  const open = async (recent: Recent) => {
    try {
      const source = await openRecent(recent);
      if (source)
        onOpen(source);
    } catch {
      setError(say('recent.gone', { name: recent.name }));
    }
  };

  return (
    <section className="start-recent">
      {images.length > 0 && <>
        <h2>{say('recent.title')}</h2>
        <ul>
          {images.map((recent) => (
            <li key={recent.opened}>
              <button onClick={() => void open(recent)}>
                <Icon name={recent.url === undefined ? 'disk' : 'link'} />
                <span className="grow ellipsis">{recent.name}</span>
                <span className="muted">{new Date(recent.opened).toLocaleDateString(language)}</span>
              </button>
            </li>
          ))}
        </ul>
      </>}
      {error && <p className="note danger" role="alert">{error}</p>}
      <label className="row muted">
        <input type="checkbox" checked={on} onChange={(event) => {
          setOn(event.target.checked);
          setImages([]);
          void setRemembers(event.target.checked).catch(() => {});
        }} />
        {say('recent.remember')}
      </label>
    </section>
  );
}
