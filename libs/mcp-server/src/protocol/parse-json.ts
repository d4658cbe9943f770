import { parse } from 'secure-json-parse'

/** More than any message of the protocol has; what reads values by recursion is safe up to here, and far beyond. */
const deepestNesting = 100
/** Shorter texts that are valid cannot be nested more deeply. */
const shortestDeepText = 2 * deepestNesting

/**
 * Reads JSON that a client sent.
 * @throws Error where it is none, is nested too deeply, or holds keys that would change the prototype of whatever they are merged into.
 */
export function parseJson(text: string): unknown {
  if (text.length > shortestDeepText && isTooDeep(text)) throw new Error(`it is nested more than ${deepestNesting} levels deep`)
  return parse(text)
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [34, 92, 91, 93, 123, 125]

function isTooDeep(text: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (isInString) {
      if (unit === backslash) at += 1
      else if (unit === quote) isInString = false
    } else if (unit === quote) isInString = true
    else if (unit === openBracket || unit === openBrace) {
      depth += 1
      if (depth > deepestNesting) return true
    } else if (unit === closeBracket || unit === closeBrace) depth -= 1
  }
  return false
}
