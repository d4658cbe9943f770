import { CodedError, type Problem } from '@squall/errors'
import type { FleetEvent } from '@squall/load-protocol'
import { fabricErrors } from '../../errors.ts'
import type { FabricEvent, RunAgent } from '../../fabric.ts'

interface Entry {
  epoch: number
  agent: string | undefined
  isReady: boolean
  isOver: boolean
  /** The newest epoch whose end is told. */
  interruptedEpoch: number
}

type Member = Pick<RunAgent, 'host' | 'workers' | 'cores'>

export interface ShardBookListener {
  readonly onEvent: (event: FabricEvent) => void
  readonly onReady: () => void
  readonly onEnded: () => void
  /** A share, or a whole agent, refuses before the start. */
  readonly onRefusal: (error: CodedError) => void
  readonly onNotice: (text: string) => void
}

/** Who holds which shard, and what has become of it, as told by the agents. */
export class ShardBook {
  readonly #listener: ShardBookListener
  readonly #entries: readonly Entry[]
  readonly #members = new Map<string, Member>()
  readonly #released = new Set<string>()
  readonly #gone = new Set<string>()
  /** Agents that lost a share to another one and have said nothing since: they will lose their others as well. */
  readonly #doubted = new Set<string>()
  readonly #shardsOf = new Map<string, Set<number>>()
  #hasStarted = false

  constructor(shards: number, listener: ShardBookListener) {
    this.#listener = listener
    this.#entries = Array.from({ length: shards }, () => ({
      epoch: 0,
      agent: undefined,
      isReady: false,
      isOver: false,
      interruptedEpoch: 0,
    }))
  }

  get isReady(): boolean {
    return this.#entries.every((entry) => this.#isReady(entry))
  }

  /** Who keeps the run from beginning. */
  get unready(): Problem[] {
    return [...this.#entries.entries()].flatMap(([shard, entry]) =>
      this.#isReady(entry)
        ? []
        : [{ where: `shard ${shard}`, value: this.#standing(entry.agent), expected: 'a generator that is ready' }],
    )
  }

  get isOver(): boolean {
    return this.#entries.every(({ isOver }) => isOver)
  }

  /** From now on a share that cannot be made ready is lost, and its run goes on without it. */
  started(): void {
    this.#hasStarted = true
  }

  /** Agents that have joined and not said that they are done. */
  get membersLeft(): string[] {
    return [...this.#members.keys()].filter((agent) => !this.#released.has(agent) && !this.#gone.has(agent))
  }

  /** Shards that nobody who is there makes load for. */
  get orphans(): number[] {
    return [...this.#entries.keys()].filter((shard) => {
      const entry = this.#entries[shard]
      return entry !== undefined && !entry.isOver && (entry.agent === undefined || this.#gone.has(entry.agent))
    })
  }

  /** Remembers which agents are there, and tells who came and went. */
  seen(present: ReadonlySet<string>): void {
    for (const agent of this.#members.keys()) {
      if (this.#released.has(agent)) continue
      if (!present.has(agent) && !this.#gone.has(agent)) {
        this.#gone.add(agent)
        this.#listener.onNotice(`agent ${agent} is gone${this.#leftBehind(agent)}`)
      } else if (present.has(agent) && this.#gone.delete(agent)) this.#listener.onNotice(`agent ${agent} is back`)
    }
  }

  take(agent: string, event: FleetEvent): void {
    const wasDoubted = this.#doubted.delete(agent)
    this.#takeFrom(agent, event)
    if (wasDoubted && this.isReady) this.#listener.onReady()
  }

  #takeFrom(agent: string, event: FleetEvent): void {
    if (event.type === 'joined') return this.#joined(agent, event)
    if (event.type === 'released') return this.#leaves(agent)
    if (event.type === 'refused') return this.#refused(event)
    const entry = this.#entries[event.shard]
    if (entry === undefined)
      throw new CodedError(fabricErrors.FABRIC_BAD_MESSAGE, { message: `there is no shard ${event.shard}` })
    this.#takeOfShard(entry, agent, event)
  }

  /** Gives up what is not over by now. */
  loseRest(cause: string): void {
    for (const shard of this.#entries.keys()) this.loseShard(shard, cause)
  }

  loseShard(shard: number, cause: string): void {
    const entry = this.#entries[shard]
    if (entry !== undefined && !entry.isOver)
      this.#over(entry, { type: 'shard-lost', shard, epoch: Math.max(1, entry.epoch), cause })
  }

  agents(): RunAgent[] {
    return Array.from(this.#members, ([id, member]) => ({
      id,
      ...member,
      shards: [...(this.#shardsOf.get(id) ?? [])].toSorted((a, b) => a - b),
      holds: this.#heldBy(id),
      isLost: this.#gone.has(id),
    }))
  }

  #standing(agent: string | undefined): string {
    if (agent === undefined) return 'no agent took it'
    return `agent ${agent} ${this.#gone.has(agent) ? 'took it, and is gone' : 'prepares it'}`
  }

  #heldBy(agent: string): number[] {
    return [...this.#entries.keys()].filter((shard) => {
      const entry = this.#entries[shard]
      return entry?.agent === agent && !entry.isOver
    })
  }

  #joined(agent: string, { host, workers, cores }: Member): void {
    if (this.#members.has(agent)) return
    this.#members.set(agent, { host, workers, cores })
    this.#listener.onNotice(`agent ${agent} has joined: ${counted(workers, 'worker')} on ${counted(cores, 'core')}`)
  }

  #leaves(agent: string): void {
    this.#released.add(agent)
    if (!this.isOver) this.#listener.onNotice(`agent ${agent} has left`)
  }

  #leftBehind(agent: string): string {
    const held = this.#heldBy(agent)
    if (held.length === 0) return ', without a share'
    return `; ${shardsNamed(held)} of ${this.#entries.length} ${held.length === 1 ? 'waits' : 'wait'} for another agent`
  }

  #refused(event: Extract<FleetEvent, { type: 'refused' }>): void {
    if (this.#hasStarted) this.#listener.onNotice(event.message)
    else this.#listener.onRefusal(new CodedError({ ...event, summary: event.message }, { message: event.message }))
  }

  #takeOfShard(entry: Entry, agent: string, event: Exclude<FleetEvent, { type: 'joined' | 'released' | 'refused' }>): void {
    const { shard, epoch } = event
    if (event.type === 'snapshot' || event.type === 'samples') {
      // The word that the share was taken may be too old to be kept still.
      this.#taken(entry, agent, event)
      return this.#listener.onEvent(event)
    }
    if (event.type === 'taken') return this.#taken(entry, agent, event)
    if (event.type === 'interrupted') return this.#interrupted(entry, shard, epoch, event.cause)
    // What a holder says that has been replaced no longer decides anything.
    if (epoch < entry.epoch || entry.isOver) return
    if (event.type === 'ready') return this.#ready(entry)
    if (event.type === 'late') return this.#late(event)
    if (event.type === 'finished') return this.#over(entry, { ...event, type: 'shard-finished' })
    if (event.type === 'lost') return this.#over(entry, { ...event, type: 'shard-lost' })
    if (this.#hasStarted) return this.#over(entry, { type: 'shard-lost', shard, epoch, cause: event.message })
    this.#listener.onRefusal(new CodedError({ ...event, summary: event.message }, { message: event.message }))
  }

  #taken(entry: Entry, agent: string, { shard, epoch }: Pick<Entry, 'epoch'> & { readonly shard: number }): void {
    if (epoch <= entry.epoch) return
    const { agent: before, epoch: epochBefore } = entry
    if (before !== undefined) {
      this.#interrupted(entry, shard, epochBefore, `agent ${before} was lost`)
      this.#doubted.add(before)
    }
    entry.epoch = epoch
    entry.agent = agent
    entry.isReady = false
    const shards = this.#shardsOf.get(agent) ?? new Set()
    this.#shardsOf.set(agent, shards.add(shard))
    if (epochBefore > 0) this.#listener.onNotice(`agent ${agent} takes over shard ${shard}`)
  }

  #interrupted(entry: Entry, shard: number, epoch: number, cause: string): void {
    if (entry.isOver || epoch <= entry.interruptedEpoch) return
    entry.interruptedEpoch = epoch
    if (epoch === entry.epoch) {
      entry.agent = undefined
      entry.isReady = false
    }
    this.#listener.onNotice(`shard ${shard} stands still: ${cause}`)
    // Before the start there is nothing to lose.
    if (this.#hasStarted) this.#listener.onEvent({ type: 'shard-interrupted', shard, epoch, cause })
  }

  #late({ shard, epoch, cause }: Extract<FleetEvent, { type: 'late' }>): void {
    this.#listener.onNotice(`shard ${shard} begins late: ${cause}`)
    this.#listener.onEvent({ type: 'shard-late', shard, epoch, cause })
  }

  #isReady({ isReady, agent }: Entry): boolean {
    return isReady && (agent === undefined || !this.#doubted.has(agent))
  }

  #ready(entry: Entry): void {
    entry.isReady = true
    if (this.isReady) this.#listener.onReady()
  }

  #over(entry: Entry, event: Extract<FabricEvent, { type: 'shard-finished' | 'shard-lost' }>): void {
    entry.isOver = true
    if (event.type === 'shard-lost') this.#listener.onNotice(`shard ${event.shard} is lost: ${event.cause}`)
    this.#listener.onEvent(event)
    if (this.isOver) this.#listener.onEnded()
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** `shard 3`, `shards 3 and 4`, `shards 0, 1 and 2` */
function shardsNamed(shards: readonly number[]): string {
  const [last, ...others] = shards.toReversed()
  return others.length === 0 ? `shard ${last}` : `shards ${others.toReversed().join(', ')} and ${last}`
}
