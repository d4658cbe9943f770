import { join } from 'node:path'
import type { FabricEvent } from '@squall/fabric'
import { shownPlan, type LoadPlan } from '@squall/load-plan'
import { RunAggregate, type Snapshot } from '@squall/metrics'
import type { RunEventNote } from '@squall/report'
import { AbortWatch } from './abort-watch.ts'
import { openJournal, type Journal, type JournalEntry } from './journal.ts'
import { LiveAgents } from './live-agents.ts'
import { LossLedger } from './loss-ledger.ts'
import { ShownSamples } from './shown-samples.ts'

/** A key that is held down must not fill the report. */
const mostEvents = 1_000
const journalName = 'journal.jsonl'

/** What a run has shown so far: numbers, losses, failed calls, and the journal of all three. */
export class RunRecord {
  readonly shards: number
  readonly aggregate: RunAggregate
  readonly ledger: LossLedger
  readonly liveAgents = new LiveAgents()
  readonly samples = new ShownSamples()
  readonly abortWatch: AbortWatch
  readonly #events: RunEventNote[] = []
  readonly #journalPath: string
  readonly #onSnapshot: (shard: number, snapshot: Snapshot) => void
  #journal: Journal | undefined

  /** @param onSnapshot told each snapshot that is new. */
  constructor(
    plan: LoadPlan,
    shards: number,
    directory: string,
    onSnapshot: (shard: number, snapshot: Snapshot) => void = () => undefined,
  ) {
    this.aggregate = new RunAggregate({ warmUpSeconds: Math.ceil(plan.warmUpMs / 1000) })
    this.shards = shards
    this.ledger = new LossLedger(shards)
    this.abortWatch = new AbortWatch(plan)
    this.#onSnapshot = onSnapshot
    this.#journalPath = join(directory, journalName)
  }

  began(runId: string, startAtWallMs: number, shards: number, plan: LoadPlan): void {
    this.#append({ type: 'run', runId, startAtWallMs, shards, plan: shownPlan(plan) })
  }

  take(event: FabricEvent): void {
    this.#append(event)
    this.liveAgents.take(event)
    if (event.type === 'samples') this.samples.add(event.samples)
    const isNew = event.type !== 'snapshot' || this.aggregate.add(event.shard, event.epoch, event.sequence, event.snapshot)
    this.ledger.note(event, isNew)
    if (event.type === 'shard-interrupted') this.#noteStanding(event, 'was interrupted')
    if (event.type === 'shard-late') this.#noteStanding(event, 'began late')
    if (event.type === 'snapshot' && isNew) this.#onSnapshot(event.shard, event.snapshot)
    if (isNew) this.abortWatch.take(event)
  }

  #noteStanding({ shard, cause }: Extract<FabricEvent, { type: 'shard-interrupted' | 'shard-late' }>, what: string): void {
    this.note(this.ledger.nextSecondOf(shard), `shard ${shard} ${what}: ${cause}`)
  }

  /** What was done to the run from outside, in order. */
  get events(): readonly RunEventNote[] {
    return this.#events
  }

  /** @param second since T0, with fractions. */
  note(second: number, text: string): void {
    if (this.#events.length >= mostEvents) return
    this.#events.push({ second, text })
    this.#append({ type: 'note', second, text })
  }

  /** @returns what kept the journal from being whole, in words. */
  async close(): Promise<string[]> {
    const error = await this.#journal?.close()
    return error === undefined ? [] : [`the journal is not whole: ${error.message}`]
  }

  // Opened with the first entry, so that a run that never began leaves no file.
  #append(entry: JournalEntry): void {
    this.#journal ??= openJournal(this.#journalPath)
    this.#journal.append(entry)
  }
}
