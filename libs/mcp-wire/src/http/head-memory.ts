import { parseHead, type ReplyHead } from './reply-head.ts'

/** Heads change with the second, if the server sends its date, and with the size of the body: more than these are seldom of use. */
const headsKept = 128

const heads = new Map<string, ReplyHead>()
let lastHead: ReplyHead | undefined
let lastBytes = Buffer.alloc(0)

/** The head of the answer read before this one, where these bytes begin with the very same, letter for letter. */
export function recallHead(bytes: Buffer, at: number, length: number): ReplyHead | undefined {
  const end = at + lastBytes.length
  if (!lastHead || end > length || bytes.compare(lastBytes, 0, lastBytes.length, at, end) !== 0) return undefined
  return lastHead
}

/** How long the head is that `recallHead` found. */
export const recalledBytes = (): number => lastBytes.length

/**
 * As `parseHead`, but reads what it has lately read no second time.
 * @throws MalformedReply
 */
export function readHead(text: string): ReplyHead {
  lastHead = heads.get(text) ?? remember(text)
  lastBytes = Buffer.from(text, 'latin1')
  return lastHead
}

function remember(text: string): ReplyHead {
  const head = parseHead(text)
  if (heads.size >= headsKept) heads.clear()
  heads.set(text, head)
  return head
}
