/** What something that was thrown says of itself; code of others may throw anything, also what no text can be made of. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'something was thrown that has no text'
  }
}
