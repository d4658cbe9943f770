/**
 * Keeps a label's values few, whatever comes: the first `most` different ones stand for themselves, later ones count as `other`.
 * For values that are few by design, where a mistake must not cost the memory of whoever stores the metrics.
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= most) return 'other'
    known.add(value)
    return value
  }
}
