// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting.tsx - shown in place of a screen that is being loaded
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
