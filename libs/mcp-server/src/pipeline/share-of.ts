/** What one client may have of something that all share, where nothing else is said: three quarters, so that another finds room at once. */
export function shareOf(total: number): number {
  return Math.max(1, total - Math.ceil(total / 4))
}
