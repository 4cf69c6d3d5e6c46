// SPDX-License-Identifier: GPL-2.0
/*
 * clock.ts - the kernel's clocks and its timer
 *
 * JavaScript's timers do not fire while the kernel runs.  But the kernel reads its clock often,
 * and each read also checks whether the deadline has passed.
 */
/** Nanoseconds of a millisecond. */
const MS = 1e6;

export class Clock {
  private deadline = Infinity;
  private armed: { at: number; id: ReturnType<typeof setTimeout> } | null = null;
  private users = 0;

  /**
   * @param pend set the timer interrupt's bit
   * @param fire the same, and run the kernel if no context runs
   */
  constructor(private readonly pend: () => void, private readonly fire: () => void) {}

  now(): number {
    const ns = Math.floor(performance.now() * MS);
    if (ns >= this.deadline) {
      this.deadline = Infinity;
      this.pend();
    }
    return ns;
  }

  realtime(): number {
    return Math.floor((performance.timeOrigin + performance.now()) * 1000) * 1000;
  }

  /** @param deadline nanoseconds, in the time of now(); 1e18 or more: no deadline */
  set(deadline: number): void {
    this.deadline = deadline >= 1e18 ? Infinity : deadline;
    if (this.deadline === Infinity || (this.armed && this.armed.at <= this.deadline))
      return;
    this.arm();
  }

  /** Count running calls: without any, the timer does not keep a Node program from exiting. */
  busy(calls: 1 | -1): void {
    this.users += calls;
    this.hold();
  }

  stop(): void {
    if (this.armed)
      clearTimeout(this.armed.id);
    this.armed = null;
    this.deadline = Infinity;
  }

  private arm(): void {
    const at = this.deadline;
    if (this.armed)
      clearTimeout(this.armed.id);
    const ms = Math.min(Math.max(0, Math.ceil(at / MS - performance.now())), 0x7fffffff);
    this.armed = { at, id: setTimeout(() => this.expired(), ms) };
    this.hold();
  }

  private expired(): void {
    this.armed = null;
    if (this.deadline === Infinity)
      return;
    if (performance.now() * MS < this.deadline) {
      this.arm();
      return;
    }
    this.deadline = Infinity;
    this.fire();
  }

  private hold(): void {
    const id = this.armed?.id as { ref?: () => void; unref?: () => void } | undefined;
    if (this.users > 0)
      id?.ref?.();
    else
      id?.unref?.();
  }
}
