import type { CodedError } from '@squall/errors'

/** What `tools/call` answers, in the protocol's own shape. */
export interface ToolResult {
  readonly content: readonly TextContent[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: true
}

interface TextContent {
  readonly type: 'text'
  readonly text: string
}

/** How a call ended. */
export type CallOutcome =
  /** The tool answered; its answer may be an error a model can mend, whose code stands beside it. */
  | { readonly kind: 'answered'; readonly result: ToolResult; readonly code?: string }
  | { readonly kind: 'unknown-tool'; readonly message: string }
  /** The call was turned away before its tool ran. */
  | {
      readonly kind: 'refused'
      readonly error: CodedError
      readonly status: RefusalStatus
      readonly retryAfterMs?: number
      readonly challenge?: string
    }
  /** The caller no longer wants an answer. */
  | { readonly kind: 'cancelled' }

/** As HTTP would say it. */
type RefusalStatus = 401 | 403 | 429 | 503

export function answered(text: string, structuredContent: Readonly<Record<string, unknown>>): CallOutcome {
  return { kind: 'answered', result: { content: [{ type: 'text', text }], structuredContent } }
}

/** @param code of the error; absent for a bug. */
export function failed(text: string, code?: string): CallOutcome {
  const result: ToolResult = { content: [{ type: 'text', text }], isError: true }
  return { kind: 'answered', result, ...(code !== undefined && { code }) }
}
