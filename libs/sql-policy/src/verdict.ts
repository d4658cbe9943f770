/** What the gate says of one text. */
export type Verdict = Allowed | Denied

export interface Allowed {
  readonly allowed: true
  readonly statementClass: ReadingClass
}

/** The only classes of statements that pass. */
export type ReadingClass = 'select' | 'show' | 'describe' | 'explain'

export interface Denied extends Objection {
  readonly allowed: false
}

export interface Objection {
  /** What is not allowed, for the person or model that wrote the statement. */
  readonly reason: string
  /** What to write instead. */
  readonly hint: string
  /** Where, in UTF-16 units from the start of the text. */
  readonly position?: number
}
