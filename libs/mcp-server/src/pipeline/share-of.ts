/**
 * What one client may have of something that all share, where nothing else is said: three quarters, so that another finds room at
 * once. Of less than four there is none to keep free; there clients take turns.
 */
export function shareOf(total: number): number {
  return total - Math.floor(total / 4)
}
