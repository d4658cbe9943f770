/** Who stands in line. Clients of one principal share its turns among themselves. */
export interface FairClient {
  /** Unlike that of any other client of the same principal. */
  readonly id: string
  readonly principal: string
  /** Turns its principal has for each one of a principal of weight 1. */
  readonly weight: number
  /** Whether the principal stands for many that nobody can tell apart but by their clients; then only the client's limits hold. */
  readonly isShared: boolean
}

/** What may be served or wait at once. */
export interface FairLimits {
  readonly running: number
  readonly runningPerPrincipal: number
  readonly runningPerClient: number
  readonly waiting: number
  readonly waitingPerPrincipal: number
  readonly waitingPerClient: number
}

/** A client's place, while it is served or waits. */
export interface Line {
  readonly client: FairClient
}

interface OwnLine<T> extends Line {
  readonly group: Group<T>
  readonly waiting: Set<Entry<T>>
  running: number
  /** The virtual time at which its next turn is due. */
  dueAt: number
}

interface Group<T> {
  readonly lines: Map<string, OwnLine<T>>
  readonly isShared: boolean
  running: number
  waiting: number
  dueAt: number
  /** Its own virtual time, that of the turn its lines had last. */
  now: number
}

/** Something that waits for its turn. */
export interface Entry<T> {
  readonly line: Line
  readonly item: T
}

/**
 * Says whose turn it is. Principals take turns by their weights, and the clients of each take turns among themselves; each client's own
 * entries are served in the order they came. It is start-time fair queueing (Goyal, Vin and Cheng, 1996) on two levels with every entry
 * of cost one: a turn is due at a virtual time, the earliest goes first, and who was away does not save turns up. So of n principals of one
 * weight that all wait, each is served within n turns, however many entries the others have. Bounds on what one may have running or
 * waiting keep room for whoever comes next. It knows no time and makes no promises: what waits is told by `next`.
 */
export class FairQueue<T> {
  readonly #limits: () => FairLimits
  readonly #groups = new Map<string, Group<T>>()
  #running = 0
  #waiting = 0
  #now = 0

  /** @param limits asked each time, as they may change. */
  constructor(limits: () => FairLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Clients that are served or wait. */
  get clientCount(): number {
    let count = 0
    for (const { lines } of this.#groups.values()) count += lines.size
    return count
  }

  /** Serves a client at once, or not: undefined. Its place must be given back by `finish`. */
  start(client: FairClient): Line | undefined {
    const limits = this.#limits()
    if (this.#running >= limits.running) return undefined
    const line = this.#lineOf(client)
    // Who waits in this line waits for the same bounds, so nobody is overtaken.
    if (!mayServe(line, limits)) return this.#forgetIfIdle(line)
    this.#serve(line)
    return line
  }

  /** Whether a client may wait, and if not, whose bound stands against it. */
  refusal(client: FairClient): 'all' | 'client' | undefined {
    const limits = this.#limits()
    if (this.#waiting >= limits.waiting) return 'all'
    const group = this.#groups.get(client.principal)
    if (group === undefined) return undefined
    const inLine = group.lines.get(client.id)?.waiting.size ?? 0
    const isTooMany = inLine >= limits.waitingPerClient || (!group.isShared && group.waiting >= limits.waitingPerPrincipal)
    return isTooMany ? 'client' : undefined
  }

  /** Puts something at the end of its client's line. */
  wait(client: FairClient, item: T): Entry<T> {
    const line = this.#lineOf(client)
    const { group } = line
    const entry = { line, item }
    line.waiting.add(entry)
    group.waiting += 1
    this.#waiting += 1
    return entry
  }

  /** Takes something out that no longer wants to be served; false where it is not in line. */
  leave(entry: Entry<T>): boolean {
    const line = own<T>(entry.line)
    if (!line.waiting.delete(entry)) return false
    line.group.waiting -= 1
    this.#waiting -= 1
    this.#forgetIfIdle(line)
    return true
  }

  /** Gives a place back. */
  finish(line: Line): void {
    const ours = own<T>(line)
    ours.running -= 1
    ours.group.running -= 1
    this.#running -= 1
    this.#forgetIfIdle(ours)
  }

  /** Serves whose turn it is, and takes it out of its line; undefined where nobody waits who may be served. */
  next(): Entry<T> | undefined {
    const limits = this.#limits()
    if (this.#waiting === 0 || this.#running >= limits.running) return undefined
    const line = this.#nextLine(limits)
    const [entry] = line?.waiting ?? []
    if (line === undefined || entry === undefined) return undefined
    line.waiting.delete(entry)
    line.group.waiting -= 1
    this.#waiting -= 1
    this.#serve(line)
    return entry
  }

  #nextLine(limits: FairLimits): OwnLine<T> | undefined {
    let first: OwnLine<T> | undefined
    for (const group of this.#groups.values()) {
      if (group.waiting === 0 || (first !== undefined && group.dueAt >= first.group.dueAt)) continue
      first = nextOf(group, limits) ?? first
    }
    return first
  }

  #serve(line: OwnLine<T>): void {
    const { group, client } = line
    this.#now = Math.max(this.#now, group.dueAt)
    group.dueAt = this.#now + 1 / client.weight
    group.now = Math.max(group.now, line.dueAt)
    line.dueAt = group.now + 1
    line.running += 1
    group.running += 1
    this.#running += 1
  }

  #lineOf(client: FairClient): OwnLine<T> {
    const group = this.#groupOf(client)
    const known = group.lines.get(client.id)
    if (known !== undefined) return known
    const line = { client, group, waiting: new Set<Entry<T>>(), running: 0, dueAt: group.now }
    group.lines.set(client.id, line)
    return line
  }

  #groupOf({ principal, isShared }: FairClient): Group<T> {
    const known = this.#groups.get(principal)
    if (known !== undefined) return known
    const group = { lines: new Map<string, OwnLine<T>>(), isShared, running: 0, waiting: 0, dueAt: this.#now, now: 0 }
    this.#groups.set(principal, group)
    return group
  }

  /** Who is neither served nor waits owes nothing and is owed nothing. */
  #forgetIfIdle({ client, group, running, waiting }: OwnLine<T>): undefined {
    if (running > 0 || waiting.size > 0) return
    group.lines.delete(client.id)
    if (group.lines.size === 0) this.#groups.delete(client.principal)
  }
}

/** Lines come from nowhere but this queue. */
function own<T>(line: Line): OwnLine<T> {
  return line as OwnLine<T>
}

function mayServe<T>({ running, group }: OwnLine<T>, limits: FairLimits): boolean {
  return running < limits.runningPerClient && (group.isShared || group.running < limits.runningPerPrincipal)
}

function nextOf<T>(group: Group<T>, limits: FairLimits): OwnLine<T> | undefined {
  let first: OwnLine<T> | undefined
  for (const line of group.lines.values())
    if (line.waiting.size > 0 && (first === undefined || line.dueAt < first.dueAt) && mayServe(line, limits)) first = line
  return first
}
