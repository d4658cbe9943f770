import { cortexAnalyst, cortexSearch, createCortexClient, type Tool } from '@squall/mcp-server'
import type { Clock } from '@squall/time'
import type { ToolChoice } from './choose-tools.ts'
import { cortexToken } from './cortex-token.ts'

/** The tools behind the server's own: the operator's, and those of Cortex where it is configured. */
export function moreTools({ own, cortex }: ToolChoice, timeoutMs: number, clock: Clock): readonly Tool[] {
  if (cortex === undefined) return own
  const { account, baseUrl, services, model } = cortex
  const client = createCortexClient({ baseUrl, token: () => cortexToken(account, clock), role: account.role, timeoutMs, clock })
  const [first, ...others] = services
  return [
    ...own,
    ...(first === undefined ? [] : [cortexSearch(client, [first, ...others])]),
    ...(model === undefined ? [] : [cortexAnalyst(client, model)]),
  ]
}
