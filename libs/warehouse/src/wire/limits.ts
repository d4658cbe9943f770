/** How long and how much the wire keeps. */
export interface WireLimits {
  /** Life of a session token; a client then renews it with its master token. Snowflake: one hour. */
  readonly sessionTokenValidityMs: number
  /** Life of a master token, and how long a session may lie idle. Snowflake: four hours. */
  readonly masterTokenValidityMs: number
  /** A statement not finished by then is answered "still running", below the 90 s after which drivers give up on a reply. */
  readonly longestReplyMs: number
  /** Rows that travel in the reply itself; the rest is fetched in chunks. */
  readonly inlineRows: number
  /** Rows of one chunk, ten thousand as the real service sends them. A driver converts a chunk in one go, so large ones hold up its event loop. */
  readonly chunkRows: number
  /** How long a finished statement's result can be fetched again. */
  readonly retentionMs: number
  /** Finished statements remembered for each session. */
  readonly statementsPerSession: number
  /** Estimated size of all results held; beyond it the oldest go first. */
  readonly heldResultBytes: number
}

export const defaultLimits: WireLimits = {
  sessionTokenValidityMs: 3_600_000,
  masterTokenValidityMs: 4 * 3_600_000,
  longestReplyMs: 45_000,
  inlineRows: 1_000,
  chunkRows: 10_000,
  retentionMs: 600_000,
  statementsPerSession: 64,
  heldResultBytes: 256 * 1024 * 1024,
}
