import type { JsonObject } from '@squall/mcp-wire'
import { ownMember } from './own-member.ts'

/** What a person would read of a result: the texts of a tool, a resource or a prompt, one below the other; the JSON of anything else. */
export function replyText(result: JsonObject): string {
  const { content, contents, messages } = result
  const parts = content ?? contents ?? messages
  if (!Array.isArray(parts)) return JSON.stringify(result)
  return parts.flatMap((part) => textOf(part) ?? textOf(ownMember(part, 'content')) ?? []).join('\n')
}

function textOf(part: unknown): string | undefined {
  const text = ownMember(part, 'text')
  return typeof text === 'string' ? text : undefined
}
