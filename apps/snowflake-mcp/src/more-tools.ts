import {
  cortexAnalyst,
  cortexSearch,
  createCortexClient,
  currentContext,
  localPrincipal,
  principalOf,
  type CortexSignIn,
  type Tool,
} from '@squall/mcp-server'
import type { Clock } from '@squall/time'
import type { SnowflakeOptions } from '@squall/snowflake'
import type { UserSignIns } from './choose-snowflake.ts'
import type { ToolChoice } from './choose-tools.ts'
import { cortexToken } from './cortex-token.ts'
import { signInOf } from './sign-in-of.ts'

/** The tools behind the server's own: the operator's, and those of Cortex where it is configured. */
export function moreTools(
  { own, cortex }: ToolChoice,
  users: UserSignIns,
  { timeoutMs, clock }: { readonly timeoutMs: number; readonly clock: Clock },
): readonly Tool[] {
  if (cortex === undefined) return own
  const { account, baseUrl, services, model } = cortex
  const client = createCortexClient({ baseUrl, signIn: () => signInForCall(account, users, clock), timeoutMs, clock })
  const [first, ...others] = services
  return [
    ...own,
    ...(first === undefined ? [] : [cortexSearch(client, [first, ...others])]),
    ...(model === undefined ? [] : [cortexAnalyst(client, model)]),
  ]
}

/**
 * Asks as whom the current call would ask Snowflake for rows: nobody sees through Cortex what is not theirs to see.
 * @throws CodedError SNOWFLAKE_MCP_NO_SIGN_IN
 */
function signInForCall(server: SnowflakeOptions, users: UserSignIns, clock: Clock): CortexSignIn {
  const context = currentContext()
  const principal = context === undefined ? localPrincipal : principalOf(context.caller)
  const options = signInOf(principal, users)?.(server) ?? server
  return { ...cortexToken(options, server.account, clock), role: options.role }
}
