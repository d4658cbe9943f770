/** What holds where neither the pack nor an option says otherwise. */
export const defaults = {
  requestTimeoutMs: 30_000,
  maxLagMs: 30_000,
  warmUpMs: 0,
  seed: 1,
  thresholds: [{ expression: 'failed<1%' }],
} as const
