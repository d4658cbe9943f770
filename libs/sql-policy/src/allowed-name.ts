import { covers, type ObjectPattern } from './object-pattern.ts'
import { resolveName, type GatePlace } from './place.ts'
import type { Objection } from './verdict.ts'

/** The objects that statements may name, and where names without a database are looked up. */
export interface ObjectRules {
  readonly allowed: readonly ObjectPattern[]
  readonly place: GatePlace
}

export const readAllowed = 'Read from the tables and views that are allowed.'

/** Denies a name unless everything it may stand for is allowed. */
export function objectionToName(parts: readonly string[], { allowed, place }: ObjectRules): Objection | undefined {
  const meant = resolveName(parts, place)
  if (!meant) {
    const name = parts.length > 0 ? parts.join('.') : 'The statement'
    return { reason: `${name} does not say in which database it looks.`, hint: 'Write database.schema.name.' }
  }
  const denied = meant.find((path) => !covers(allowed, path))
  return denied && { reason: `${denied.join('.')} is not among the objects that may be read here.`, hint: readAllowed }
}

/** A database or schema as a whole. */
export function objectionToContainer(
  parts: readonly string[],
  kind: 'DATABASE' | 'SCHEMA',
  { allowed, place }: ObjectRules,
): Objection | undefined {
  const database = kind === 'DATABASE' || parts.length === 2 ? parts[0] : place.database
  const path = kind === 'DATABASE' ? [database] : [database, parts.at(-1)]
  if (path.some((name) => name === undefined || name === null) || parts.length > (kind === 'DATABASE' ? 1 : 2))
    return { reason: `Which ${kind.toLowerCase()} is meant cannot be told.`, hint: 'Write its whole name.' }
  // The names were just seen to be there.
  const names = path as readonly string[]
  return covers(allowed, names)
    ? undefined
    : { reason: `${names.join('.')} is not allowed as a whole.`, hint: 'Name a schema, a table or a view that is allowed.' }
}
