// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting.tsx - in place of a screen that is not there yet
 */
import './waiting.css';

export function Waiting({ text }: { text: string }) {
  return (
    <div className="waiting" role="status">
      <span className="spinner" />
      <span>{text}</span>
    </div>
  );
}
