// SPDX-License-Identifier: GPL-2.0
/*
 * StartPage.tsx - the first screen: where an image is chosen
 */
import { type FormEvent, Suspense, lazy, useId, useState } from 'react';

import { desktop } from '../desktop/desktop.js';
import { ChooseImage } from '../image/ChooseImage.js';
import { type ImageSource, fromUrl } from '../image/source.js';
import { useSay } from '../text/text.js';
import { Bar } from '../ui/Bar.js';
import { Icon } from '../ui/Icon.js';
import { RecentImages } from './RecentImages.js';
import './start.css';

// Loaded later, because it needs @anyfs/core, which the first screen does not need.
const Devices = lazy(async () => ({ default: (await import('../desktop/Devices.js')).Devices }));

/** Made by tools-dev/example-image when the application is built. */
const EXAMPLE = './example.qcow2';

interface StartProps {
  onOpen(source: ImageSource): void;
  /** Something is dragged over the page. */
  dragging: boolean;
}

export function StartPage({ onOpen, dragging }: StartProps) {
  const say = useSay();

  return (
    <>
      <Bar />
      <main className="start">
        <div className="start-head">
          <h1>{say('start.title')}</h1>
          <p className="muted">{say('start.subtitle')}</p>
        </div>
        <DropArea onOpen={onOpen} dragging={dragging} />
        <ByAddress onOpen={onOpen} />
        <p className="start-example">
          {say('start.example')}{' '}
          <button className="start-link" onClick={() =>
            onOpen({ ...fromUrl(new URL(EXAMPLE, document.baseURI).href), name: say('start.exampleName') })}>
            {say('start.exampleOpen')}
          </button>
        </p>
        {desktop && <Suspense><Devices onOpen={onOpen} /></Suspense>}
        <RecentImages onOpen={onOpen} />
        <ul className="start-facts">
          <li><Icon name="shield" /><span><strong>{say('fact.private')}</strong> {say('fact.privateMore')}</span></li>
          <li><Icon name="disk" /><span><strong>{say('fact.kernel')}</strong> {say('fact.kernelMore')}</span></li>
          <li><Icon name="edit" /><span><strong>{say('fact.safe')}</strong> {say('fact.safeMore')}</span></li>
        </ul>
      </main>
    </>
  );
}

function DropArea({ onOpen, dragging }: StartProps) {
  const say = useSay();

  return (
    <section className={dragging ? 'start-drop dragging' : 'start-drop'}>
      <Icon name="disk" />
      <p>{say(dragging ? 'start.dropNow' : 'start.drop')}</p>
      <ChooseImage id="image-file" label={say('start.choose')} onChoose={onOpen} />
      <p className="muted start-formats">{say('start.formats')}</p>
    </section>
  );
}

function ByAddress({ onOpen }: Pick<StartProps, 'onOpen'>) {
  const say = useSay();
  const id = useId();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = address.trim();
    if (URL.canParse(text) && /^https?:/i.test(text))
      onOpen(fromUrl(text));
    else
      setWrong(true);
  };

  return (
    <form className="start-address" onSubmit={submit}>
      <label htmlFor={id}>{say('start.address')}</label>
      <div className="row">
        <input id={id} className="field grow" inputMode="url" spellCheck={false}
          value={address} aria-invalid={wrong} aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => { setAddress(event.target.value); setWrong(false); }} />
        <button className="button">{say('start.open')}</button>
      </div>
      {wrong && <p id={`${id}-wrong`} className="note danger" role="alert">{say('start.addressWrong')}</p>}
    </form>
  );
}
