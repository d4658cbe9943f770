/** A place in a stored result. */
export interface Cursor {
  readonly handle: string
  /** The next row to read, from 0. */
  readonly row: number
}

const pattern = /^([\w-]{20})\.(\d{1,9})$/

/** As tools give it out: opaque to clients, and good for any number of readings. */
export function renderCursor({ handle, row }: Cursor): string {
  return `${handle}.${row}`
}

/** Reads what `renderCursor` wrote; undefined for anything else. */
export function parseCursor(text: string): Cursor | undefined {
  const [, handle, row] = pattern.exec(text) ?? []
  return handle === undefined ? undefined : { handle, row: Number(row) }
}
