/** Thrown instead of opening a resource for which nobody waits any longer. It is no failure. */
export class NotWanted extends Error {
  override readonly name = 'NotWanted'
}
