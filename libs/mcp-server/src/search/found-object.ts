/** Kinds of things that have names. */
export const objectKinds = ['schema', 'table', 'view', 'column'] as const

export type ObjectKind = (typeof objectKinds)[number]

/** How much is told of each: its name; its type and comment too; when it was made and how many rows it has too. */
export const detailLevels = ['names', 'summary', 'full'] as const

export type DetailLevel = (typeof detailLevels)[number]

/** Something a search found. */
export interface FoundObject extends ObjectFacts {
  readonly kind: ObjectKind
  /** Its name from the database down, as Snowflake stores it. */
  readonly parts: readonly string[]
}

/** What may be known of an object, in the order of detail. */
interface ObjectFacts {
  readonly type?: string
  readonly comment?: string
  readonly rows?: number
  readonly createdOn?: string
}

export function withDetail(kind: ObjectKind, parts: readonly string[], facts: ObjectFacts, detail: DetailLevel): FoundObject {
  if (detail === 'names') return { kind, parts }
  const { type, comment, rows, createdOn } = facts
  const summary = { ...(type !== undefined && { type }), ...(comment !== undefined && comment !== '' && { comment }) }
  if (detail === 'summary') return { kind, parts, ...summary }
  return { kind, parts, ...summary, ...(rows !== undefined && { rows }), ...(createdOn !== undefined && { createdOn }) }
}
