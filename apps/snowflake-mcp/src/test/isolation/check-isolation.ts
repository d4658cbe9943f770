// Many clients that change the sessions they lease in every way there is, and look for what others left.
import type { Lease, SessionPool } from '@squall/pool'
import type { SnowflakeConnection } from '@squall/snowflake'
import { seededRandom, type RandomSource } from '@squall/time'
import { isExpected, remember, stateKinds, stateNames, type Hands, type StateName } from './session-marks.ts'

export interface IsolationPlan {
  readonly clients: number
  /** Statements in all. */
  readonly operations: number
  readonly seed: number
  /** The kinds of state that are changed and looked for; all by default. */
  readonly kinds?: readonly StateName[]
}

export interface IsolationReport {
  readonly operations: number
  readonly leases: number
  /** How often each kind of state was changed. */
  readonly changes: Readonly<Record<StateName, number>>
  readonly looks: Readonly<Record<StateName, number>>
  /** What was seen of others. */
  readonly violations: readonly string[]
  /** Failures nobody expected. */
  readonly failures: readonly string[]
}

/** Runs the clients to the end of the plan. The interleaving is whatever driver, network and Snowflake make of it. */
export async function checkIsolation(pool: SessionPool<SnowflakeConnection>, plan: IsolationPlan): Promise<IsolationReport> {
  const check = new IsolationCheck(pool, plan)
  await Promise.all(Array.from({ length: plan.clients }, (_, client) => check.client(client)))
  return check.report
}

const everyKind = (): Record<StateName, number> =>
  // One number for each of the names.
  Object.fromEntries(stateNames.map((name) => [name, 0])) as Record<StateName, number>

class IsolationCheck {
  readonly report = {
    operations: 0,
    leases: 0,
    changes: everyKind(),
    looks: everyKind(),
    violations: [] as string[],
    failures: [] as string[],
  }
  readonly #pool: SessionPool<SnowflakeConnection>
  readonly #plan: IsolationPlan
  readonly #kinds: readonly StateName[]

  constructor(pool: SessionPool<SnowflakeConnection>, plan: IsolationPlan) {
    this.#pool = pool
    this.#plan = plan
    this.#kinds = plan.kinds ?? stateNames
  }

  async client(number: number): Promise<void> {
    const random = seededRandom(this.#plan.seed, number)
    while (this.report.operations < this.#plan.operations) {
      const lease = await this.#pool.acquire()
      const mark = `client ${number} lease ${++this.report.leases}`
      try {
        await this.#use(this.#hands(lease, mark), random)
      } catch (error) {
        this.report.failures.push(String(error))
      }
      await (random.next() < 0.03 ? lease.discard() : lease.release())
    }
  }

  /** Looks for what others left, then leaves marks of its own, and sees that nobody else moved it meanwhile. */
  async #use(hands: Hands, random: RandomSource): Promise<void> {
    const first = this.#pick(random)
    await this.#look(first, hands)
    if (random.next() < 0.3) await this.#look(this.#pick(random), hands, first)
    for (let steps = Math.floor(random.next() * 6); steps > 0; steps -= 1) {
      const kind = random.next() < 0.2 ? this.#pick(random) : undefined
      await (kind ? this.#change(kind, hands) : this.#work(hands, random))
      // What comes next might commit the row by itself.
      if (kind === 'transaction') return
    }
  }

  async #look(kind: StateName, hands: Hands, after?: StateName): Promise<void> {
    // Only the first statement of a lease can see the last one of another.
    if (kind === 'lastResult' && after !== undefined) return
    this.report.looks[kind] += 1
    const seen = await stateKinds[kind].look(hands)
    if (seen !== undefined) this.report.violations.push(`${hands.mark}, ${kind}: ${seen}`)
  }

  async #change(kind: StateName, hands: Hands): Promise<void> {
    this.report.changes[kind] += 1
    await stateKinds[kind].leave(hands)
  }

  /** What well-behaved clients do: queries here and elsewhere, mistakes, transactions that end, calls that are given up. */
  async #work(hands: Hands, random: RandomSource): Promise<void> {
    const what = random.next()
    if (what < 0.4) await this.#echo(hands)
    else if (what < 0.65) await hands.run('SELECT CURRENT_DATABASE()', { database: 'STAGING_DB' })
    else if (what < 0.8) await hands.run('SELECT * FROM NO_SUCH_TABLE')
    else if (what < 0.9) for (const sql of ['BEGIN', 'SELECT 1', 'COMMIT']) await hands.run(sql)
    else await hands.run('USE DATABASE ANALYTICS_DB', { cancelAfterMs: Math.floor(random.next() * 5) })
  }

  /** Answers of others must never come back either. */
  async #echo({ run, mark }: Hands): Promise<void> {
    const result = await run(`SELECT '${mark}' AS MARK, 1234567890123 AS N, '2024-02-29'::DATE AS D`)
    const seen = JSON.stringify(result?.rows)
    const expected = JSON.stringify([[mark, 1_234_567_890_123, '2024-02-29']])
    if (seen !== expected) this.report.violations.push(`${mark} asked for ${expected} and got ${seen}`)
  }

  #hands({ resource: connection }: Lease<SnowflakeConnection>, mark: string): Hands {
    return {
      connection,
      mark,
      run: async (sql, { database, cancelAfterMs } = {}) => {
        this.report.operations += 1
        const signal = cancelAfterMs === undefined ? undefined : AbortSignal.timeout(cancelAfterMs)
        const place = database === undefined ? {} : { context: { database } }
        try {
          const options = { sql, timeoutMs: 30_000, maxRows: 100, ...place, ...(signal && { signal }) }
          const result = await connection.run(options)
          remember(connection, result.queryId)
          return result
        } catch (error) {
          if (isExpected(error)) return undefined
          throw error
        }
      },
    }
  }

  #pick(random: RandomSource): StateName {
    // The index lies within the list.
    return this.#kinds[Math.floor(random.next() * this.#kinds.length)] as StateName
  }
}
