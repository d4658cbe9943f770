import { ZodError } from 'zod'
import type { Statement } from '../wire/statements/statement.ts'
import { faultTable } from './fault-table.ts'
import type { ClientRequest, Fault, FaultHost, FaultKind, Interruption } from './fault.ts'

/** What is known of one kind of fault. */
export interface FaultReport {
  readonly summary: string
  readonly isActive: boolean
  /** What it was told, where it is at work. */
  readonly options: unknown
  /** How often it was felt since the program started. */
  readonly hits: number
}

interface Active {
  readonly fault: Fault
  /** As they were given, since regular expressions are not JSON. */
  readonly options: unknown
}

/** The faults at work; one of each kind. */
export class Faults {
  readonly #host: Omit<FaultHost, 'hit' | 'finish'>
  readonly #active = new Map<string, Active>()
  readonly #hits = new Map<string, number>()

  constructor(host: Omit<FaultHost, 'hit' | 'finish'>) {
    this.#host = host
  }

  /**
   * Begins a fault, in place of one of the same kind.
   * @throws ZodError where the options are not the kind's.
   */
  begin(kind: FaultKind, options: unknown): void {
    const begin = kind.prepare(options)
    this.end(kind.name)
    let isFinished = false
    const finish = (): void => {
      isFinished = true
      this.end(kind.name)
    }
    const hit = (times = 1): void => void this.#hits.set(kind.name, this.#hitsOf(kind.name) + times)
    const fault = begin({ ...this.#host, hit, finish })
    // Some are over before they have begun.
    if (isFinished) fault.end?.()
    else this.#active.set(kind.name, { fault, options })
  }

  end(name: string): void {
    const active = this.#active.get(name)
    this.#active.delete(name)
    active?.fault.end?.()
  }

  endAll(): void {
    for (const name of this.#active.keys()) this.end(name)
  }

  report(): Record<string, FaultReport> {
    return Object.fromEntries(
      faultTable.map(({ name, summary }) => {
        const active = this.#active.get(name)
        return [name, { summary, isActive: active !== undefined, options: active?.options ?? null, hits: this.#hitsOf(name) }]
      }),
    )
  }

  /** What happens to a request in place of being served. */
  interruptionOf(request: ClientRequest): Interruption | undefined {
    for (const { fault } of this.#inOrder()) {
      const interruption = fault.onRequest?.(request)
      if (interruption) return interruption
    }
    return undefined
  }

  /** Lets all faults have their way with a statement. */
  async strike(statement: Statement, signal: AbortSignal): Promise<void> {
    for (const { fault } of this.#inOrder()) await fault.onStatement?.(statement, signal)
  }

  #inOrder(): Active[] {
    if (this.#active.size === 0) return []
    return faultTable.flatMap(({ name }) => this.#active.get(name) ?? [])
  }

  #hitsOf(name: string): number {
    return this.#hits.get(name) ?? 0
  }
}

/**
 * The kind of this name.
 * @throws ZodError where there is none.
 */
export function requireFaultKind(name: string): FaultKind {
  const kind = faultTable.find((one) => one.name === name)
  if (kind) return kind
  const message = `there is no fault '${name}': expected one of ${faultTable.map((one) => one.name).join(', ')}`
  throw new ZodError([{ code: 'custom', path: [], message, input: name }])
}

/** What is wrong with faults given as options by kind, a line each. */
export function findFaultProblems(faults: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(faults).flatMap(([name, options]) => {
    try {
      requireFaultKind(name).prepare(options)
      return []
    } catch (error) {
      return describeIssues(error).map((line) => `${name}: ${line}`)
    }
  })
}

/** What a schema found, a line each. */
export function describeIssues(error: unknown): string[] {
  if (!(error instanceof ZodError)) throw error
  return error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
}
