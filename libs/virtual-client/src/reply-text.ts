import { type JsonObject, writtenJson } from '@squall/mcp-wire'
import { ownMember } from './own-member.ts'

/** What a person would read of a result: the texts of a tool, a resource or a prompt, one below the other; the JSON of anything else. */
export function replyText(result: JsonObject): string {
  const { content, contents, messages } = result
  const parts = content ?? contents ?? messages
  if (!Array.isArray(parts)) return replyJson(result)
  return parts.flatMap((part) => textOf(part) ?? textOf(ownMember(part, 'content')) ?? []).join('\n')
}

/** The JSON of what a server answered; empty where that is nested too deep to be written. */
export const replyJson = (result: unknown): string => writtenJson(result) ?? ''

function textOf(part: unknown): string | undefined {
  const text = ownMember(part, 'text')
  return typeof text === 'string' ? text : undefined
}
