import type { TargetTool } from '../target/list-tools.ts'

/** A tool and why it is, or is not, called by a pack that nobody has looked over yet. */
export interface SortedTool {
  readonly tool: TargetTool
  readonly isCalled: boolean
  /** In words, for a comment in the pack. */
  readonly reason: string
}

const readingVerbs =
  /^(?:get|list|read|search|find|fetch|describe|show|query|count|check|status|help|ping|look|view|echo|explain|open|browse|inspect|print|calculate|convert|compare)(?:[^a-z]|$)/

/**
 * Whether a tool may be called without asking anybody. The server's own hints decide; where it gives none, its name does, and what does
 * not sound like reading is left out, since the specification takes a tool without hints for a destructive one.
 */
export function sortTool(tool: TargetTool): SortedTool {
  const { readOnlyHint, destructiveHint } = tool.annotations ?? {}
  const left = (reason: string): SortedTool => ({ tool, isCalled: false, reason })
  const called = (reason: string): SortedTool => ({ tool, isCalled: true, reason })
  if (readOnlyHint === true) return called('only reads, says the server')
  if (destructiveHint === true) return left('the server says it may destroy something')
  if (readOnlyHint === false) return left('the server says it changes something')
  if (readingVerbs.test(toWords(tool.name))) return called('the server does not say that it only reads, but its name does')
  return left('the server does not say that it only reads')
}

/** `getUser` and `get-user` as `get_user`. */
const toWords = (name: string): string => name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
