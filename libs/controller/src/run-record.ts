import { join } from 'node:path'
import type { FabricEvent } from '@squall/fabric'
import { shownPlan, type LoadPlan } from '@squall/load-plan'
import { RunAggregate } from '@squall/metrics'
import { openJournal, type Journal, type JournalEntry } from './journal.ts'
import { LossLedger } from './loss-ledger.ts'
import { ShownSamples } from './shown-samples.ts'

const journalName = 'journal.jsonl'

/** What a run has shown so far: numbers, losses, failed calls, and the journal of all three. */
export class RunRecord {
  readonly aggregate: RunAggregate
  readonly ledger: LossLedger
  readonly samples = new ShownSamples()
  readonly #journalPath: string
  #journal: Journal | undefined

  constructor(plan: LoadPlan, shards: number, directory: string) {
    this.aggregate = new RunAggregate({ warmUpSeconds: Math.ceil(plan.warmUpMs / 1000) })
    this.ledger = new LossLedger(shards)
    this.#journalPath = join(directory, journalName)
  }

  began(runId: string, startAtWallMs: number, shards: number, plan: LoadPlan): void {
    this.#append({ type: 'run', runId, startAtWallMs, shards, plan: shownPlan(plan) })
  }

  take(event: FabricEvent): void {
    this.#append(event)
    if (event.type === 'samples') this.samples.add(event.samples)
    const isNew = event.type !== 'snapshot' || this.aggregate.add(event.shard, event.epoch, event.sequence, event.snapshot)
    this.ledger.note(event, isNew)
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
