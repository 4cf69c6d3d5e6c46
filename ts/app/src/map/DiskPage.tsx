// SPDX-License-Identifier: GPL-2.0
/*
 * DiskPage.tsx - the disk as a picture, and the list of its partitions
 */
import { type Partition, baseName } from '@anyfs/core';
import { useAnyfsDisk } from '@anyfs/react';
import { type CSSProperties, useEffect, useState } from 'react';

import { wholeMessage } from '../image/explain.js';
import { goTo } from '../image/route.js';
import type { ImageSource } from '../image/source.js';
import type { OpenImage } from '../image/use-image.js';
import { useFmtBytes } from '../text/size.js';
import { type Say, useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import './map.css';
import { NotAnImage } from './NotAnImage.js';
import { type Piece, piecesOf, viewOf } from './parts.js';
import { UnlockDialog } from './UnlockDialog.js';

interface DiskPageProps {
  source: ImageSource;
  image: OpenImage;
  /** Called when a volume was unlocked. */
  onChange(): Promise<void>;
  onClose(): void;
}

export function DiskPage({ source, image, onChange, onClose }: DiskPageProps) {
  const say = useSay();
  const fmtBytes = useFmtBytes();
  const { disk, partitions, table } = image;
  const [active, setActive] = useState<string | null>(null);
  const [unlocking, setUnlocking] = useState<Partition | null>(null);
  const only = partitions.length === 1 ? partitions[0]! : null;

  // The file has no content that is recognised.
  if (only?.path === '/' && !only.fstype && !only.content && !only.error)
    return <main><NotAnImage source={source} onClose={onClose} /></main>;
  const pieces = piecesOf(partitions, disk.size);
  const count = partitions.filter(({ kind }) => kind === 'partition').length;
  return (
    <main className="map">
      <h1 className="hidden">{say('map.title', { name: source.name })}</h1>
      <p className="muted">
        {say(table ? 'map.summary' : 'map.summaryPlain',
          { size: fmtBytes(disk.size), table: table.toUpperCase().replace('DOS', 'MBR'), count })}
      </p>
      <div className="map-bar" aria-hidden="true">
        {pieces.map((piece) => (
          <Block key={keyOf(piece)} piece={piece} say={say} active={active === keyOf(piece)} onActive={setActive} />
        ))}
      </div>
      <ul className="map-list">
        {partitions.map((part) => (
          <Row key={part.path} part={part} say={say} active={active === part.path} onActive={setActive}
            onUnlock={setUnlocking} />
        ))}
      </ul>
      {unlocking && <UnlockDialog disk={disk} path={unlocking.path} name={titleOf(unlocking, say)}
        onClose={() => setUnlocking(null)} onUnlocked={onChange} />}
    </main>
  );
}

interface Shown {
  say: Say;
  active: boolean;
  onActive(key: string | null): void;
}

function keyOf(piece: Piece): string {
  return piece.kind === 'partition' ? piece.part.path : `free ${piece.offset}`;
}

/** Hidden from screen readers: the list below contains the same. */
function Block({ piece, say, active, onActive }: Shown & { piece: Piece }) {
  const size = useFmtBytes()(piece.size);
  const style = { flexGrow: piece.size } satisfies CSSProperties;

  if (piece.kind === 'free')
    return <div className="map-block free" style={style} title={say('map.free', { size })} />;
  const { part } = piece;
  const view = viewOf(part);
  return (
    <div className={`map-block ${view.color}${active ? ' active' : ''}${view.opens ? ' opens' : ''}`} style={style}
      title={`${titleOf(part, say)}, ${view.type || say('part.noType')}, ${size}`}
      onPointerEnter={() => onActive(part.path)} onPointerLeave={() => onActive(null)}
      onClick={view.opens ? () => goTo(part.path) : undefined}>
      <strong>{part.label || titleOf(part, say)}</strong>
      {piece.volumes.length ? (
        <span className="map-volumes">
          {piece.volumes.map((volume) => (
            <span key={volume.path} className={`map-volume ${viewOf(volume).color}`} style={{ flexGrow: volume.size }}>
              {nameOfVolume(volume)}
            </span>
          ))}
        </span>
      ) : <><span>{view.type}</span><span>{size}</span></>}
    </div>
  );
}

function Row({ part, say, active, onActive, onUnlock }: Shown & { part: Partition; onUnlock(part: Partition): void }) {
  const fmtBytes = useFmtBytes();
  const view = viewOf(part);
  const space = useSpace(view.opens ? part.path : null);
  const detail = [view.type || say('part.noType'), fmtBytes(part.size)].join(' · ');

  return (
    <li className={`map-row${active ? ' active' : ''}${part.kind === 'volume' ? ' inner' : ''}`}
      onPointerEnter={() => onActive(part.path)} onPointerLeave={() => onActive(null)}>
      <span className={`map-icon ${view.color}`}><Icon name={view.icon} /></span>
      <div className="grow">
        <h2>{titleOf(part, say)}</h2>
        <p className="muted">{detail}</p>
        {view.opens && (
          <div className="map-space">
            <div className="map-used" aria-hidden="true"><div style={{ width: space ? `${100 * space.used / space.size}%` : 0 }} /></div>
            <span className="muted">{space ? say('map.used', { used: fmtBytes(space.used), free: fmtBytes(space.free) }) : '\u00a0'}</span>
          </div>
        )}
        {view.explanation && <p className="map-explain">{say(view.explanation)}</p>}
        {part.error && <p className="mono muted map-explain">{wholeMessage(part.error)}</p>}
      </div>
      {view.opens && (
        <button className="button" onClick={() => goTo(part.path)}
          aria-label={say('map.openPart', { name: titleOf(part, say) })}>{say('map.open')}</button>
      )}
      {view.unlocks && (
        <button className="button" onClick={() => onUnlock(part)}
          aria-label={say('map.unlockPart', { name: titleOf(part, say) })}>{say('map.unlock')}</button>
      )}
    </li>
  );
}

/** The space of the file system at @path; null: not known yet, or not reported. */
function useSpace(path: string | null) {
  const { disk } = useAnyfsDisk();
  const [space, setSpace] = useState<{ size: number; used: number; free: number } | null>(null);

  useEffect(() => {
    if (!disk || path === null)
      return;
    let current = true;
    disk.statfs(path).then(({ size, free }) => {
      if (current && size)
        setSpace({ size, free, used: size - free });
    }, () => {});
    return () => { current = false; };
  }, [disk, path]);
  return space;
}

function titleOf(part: Partition, say: Say): string {
  const own = part.kind === 'volume' ? say('part.volume', { name: nameOfVolume(part) }) :
    part.index ? say('part.number', { number: part.index }) : say('part.whole');
  return part.label && part.label !== nameOfVolume(part) ? `${part.label} (${own})` : own;
}

function nameOfVolume({ path }: Partition): string {
  return baseName(path);
}
