import type { SeenRequest } from '@squall/testing'

/**
 * How far apart the first requests of several generators are, in milliseconds, by the mark that each puts on its own.
 * @throws Error where not all of them made one.
 */
export function startSkewMs(seen: readonly Pick<SeenRequest, 'headers' | 'atMs'>[], generators: number): number {
  const firstMs = new Map<string, number>()
  for (const { headers, atMs } of seen) {
    const mark = headers['x-squall-shard']
    if (typeof mark === 'string') firstMs.set(mark, Math.min(atMs, firstMs.get(mark) ?? atMs))
  }
  if (firstMs.size !== generators) throw new Error(`${firstMs.size} of ${generators} generators began`)
  return Math.max(...firstMs.values()) - Math.min(...firstMs.values())
}
