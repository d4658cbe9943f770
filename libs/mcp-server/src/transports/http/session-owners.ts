import type { Session } from '@squall/session'
import type { Principal } from '../../access/principal.ts'

/** Whose each session is: an id that leaked is of no use to anybody else. */
export class SessionOwners {
  readonly #ownerIds = new WeakMap<Session, string | undefined>()

  opened(session: Session, owner: Principal | undefined): void {
    this.#ownerIds.set(session, owner?.id)
  }

  isOwner(session: Session, principal: Principal | undefined): boolean {
    return this.#ownerIds.get(session) === principal?.id
  }
}
