import type { PoolResources } from '../pool-resources.ts'

/** A session as the tests' pool holds them. */
export interface ScriptedSession {
  readonly id: number
  alive: boolean
  /** What its last user left in it. */
  dirt: 'none' | 'washable' | 'stubborn'
  closed: boolean
}

/** Sessions whose opening, health and dirt a test decides, and which notice being misused. */
export class ScriptedSessions implements PoolResources<ScriptedSession> {
  readonly opened: ScriptedSession[] = []
  readonly misuse: string[] = []
  attempts = 0
  validations = 0
  /** What opening a session does beside counting it. */
  onCreate: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()
  onClean: () => Promise<void> = () => Promise.resolve()

  async create(signal: AbortSignal): Promise<ScriptedSession> {
    this.attempts++
    await this.onCreate(signal)
    const session: ScriptedSession = { id: this.opened.length, alive: true, dirt: 'none', closed: false }
    this.opened.push(session)
    return session
  }

  async destroy(session: ScriptedSession): Promise<void> {
    if (session.closed) this.misuse.push(`session ${session.id} closed twice`)
    session.closed = true
    await Promise.resolve()
    if (!session.alive) throw new Error('closing a dead session')
  }

  async validate(session: ScriptedSession): Promise<boolean> {
    this.validations++
    if (session.closed) this.misuse.push(`session ${session.id} validated after it was closed`)
    await Promise.resolve()
    return session.alive
  }

  async clean(session: ScriptedSession): Promise<boolean> {
    if (session.closed) this.misuse.push(`session ${session.id} cleaned after it was closed`)
    await this.onClean()
    if (!session.alive) throw new Error('the session is gone')
    if (session.dirt === 'stubborn') return false
    session.dirt = 'none'
    return true
  }

  get open(): ScriptedSession[] {
    return this.opened.filter((session) => !session.closed)
  }
}
