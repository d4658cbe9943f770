import type { LocalSnowflake } from '../support/local-snowflake.ts'

/** One way in which Snowflake fails under load, and what clients may at most see of it. */
export interface FaultCase {
  readonly name: string
  /** How long it lasts; 0 where it strikes once. */
  readonly lastsMs: number
  readonly begin: (snowflake: LocalSnowflake) => Promise<void>
  /** Absent where it ends by itself. */
  readonly end?: (snowflake: LocalSnowflake) => Promise<void>
  /** What whoever made a call that failed may be told; anything else is a defect. Undefined where no call may fail. */
  readonly told: RegExp | undefined
  /** From its end, until success is back where it was. */
  readonly recoverySeconds: number
}

type Outage = 'unavailable' | 'reset' | 'refuse'

const wordsOf: Readonly<Record<Outage, string>> = {
  unavailable: 'every request is answered 503',
  reset: 'every connection breaks',
  refuse: 'nobody listens',
}

/** Of a long outage a client that waits for 30 s, as these do, may also see no answer in time. */
const unreachable = /SNOWFLAKE_UNREACHABLE|MCP_SNOWFLAKE_UNAVAILABLE|POOL_WAIT_TIMEOUT|no whole answer in time/

function outage(kind: Outage, lastsMs: number, recoverySeconds: number): FaultCase {
  return {
    name: `outage of ${lastsMs / 1000} s: ${wordsOf[kind]}`,
    lastsMs,
    begin: (snowflake) => snowflake.beginFault('outage', { kind, durationMs: lastsMs }),
    told: unreachable,
    recoverySeconds,
  }
}

/** A statement that runs when its session is ended is cancelled by Snowflake. */
const cancelled = /SNOWFLAKE_QUERY_CANCELLED/

const once = (name: string, kind: string, options: object): FaultCase => ({
  name,
  lastsMs: 0,
  begin: (snowflake) => snowflake.beginFault(kind, options),
  told: undefined,
  recoverySeconds: 8,
})

/** What statements take without a fault; it costs no work. */
export const usualLatency = '20ms'
const usual = { delay: { ms: 20 } }

export const faultCases = {
  sessionExpiry: once('session tokens expire (390112)', 'expire-tokens', { kind: 'session' }),
  masterExpiry: once('master tokens expire too (390114)', 'expire-tokens', { kind: 'master' }),
  storm: { ...once('all sessions are lost at once (390111)', 'lose-sessions', {}), told: cancelled },
  stormAtLimit: {
    name: 'all sessions are lost at once, and two may sign in a second',
    lastsMs: 8_000,
    async begin(snowflake) {
      await snowflake.beginFault('login-limit', { perSecond: 2 })
      await snowflake.beginFault('lose-sessions', {})
    },
    end: (snowflake) => snowflake.reset(),
    told: new RegExp(`${unreachable.source}|${cancelled.source}`),
    recoverySeconds: 8,
  },
  refusedBriefly: outage('refuse', 2_000, 8),
  unavailableBriefly: outage('unavailable', 2_000, 8),
  resetBriefly: outage('reset', 2_000, 8),
  refusedLong: outage('refuse', 30_000, 12),
  unavailableLong: outage('unavailable', 30_000, 12),
  throttling: {
    name: 'a third of all requests are throttled (429) for 10 s',
    lastsMs: 10_000,
    begin: (snowflake) => snowflake.beginFault('throttle', { ratio: 1 / 3 }),
    end: (snowflake) => snowflake.reset(),
    told: unreachable,
    recoverySeconds: 8,
  },
  slowQueries: {
    name: 'a third of all statements take 2 s, for 10 s',
    lastsMs: 10_000,
    begin: (snowflake) => snowflake.beginFault('latency', { rules: [{ delay: { ms: 2_000 }, ratio: 1 / 3 }, usual] }),
    end: (snowflake) => snowflake.reset(),
    told: undefined,
    recoverySeconds: 8,
  },
  fullWarehouse: {
    name: 'the warehouse has one slot left, for 10 s',
    lastsMs: 10_000,
    begin: (snowflake) => snowflake.setWarehouses({ slots: 1 }),
    end: (snowflake) => snowflake.reset(),
    told: undefined,
    recoverySeconds: 8,
  },
  cancelled: {
    name: 'Snowflake cancels twenty statements',
    lastsMs: 0,
    begin: (snowflake) => snowflake.beginFault('cancel-statements', { next: 20 }),
    told: cancelled,
    recoverySeconds: 8,
  },
} as const satisfies Readonly<Record<string, FaultCase>>
