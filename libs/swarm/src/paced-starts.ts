/**
 * Skips the starts of a paced client that are too late to be made.
 * @param plannedMs the next start of the pace.
 * @param periodMs the time from one start to the next.
 * @returns the first start that is at most `maxLagMs` late, and how many before it are dropped.
 */
export function dropLateStarts(
  plannedMs: number,
  periodMs: number,
  nowMs: number,
  maxLagMs: number,
): { readonly startMs: number; readonly dropped: number } {
  if (nowMs - plannedMs <= maxLagMs) return { startMs: plannedMs, dropped: 0 }
  // A flow whose pace does not move on has no schedule to return to.
  if (periodMs <= 0) return { startMs: nowMs, dropped: 1 }
  const dropped = Math.ceil((nowMs - maxLagMs - plannedMs) / periodMs)
  return { startMs: plannedMs + dropped * periodMs, dropped }
}

/** How many starts of a pace fall before `endMs`, from `startMs` on. */
export function startsBefore(startMs: number, periodMs: number, endMs: number): number {
  if (startMs >= endMs) return 0
  return periodMs <= 0 ? 1 : Math.ceil((endMs - startMs) / periodMs)
}
