import type { FaultKind } from './fault.ts'
import { cancelStatements } from './kinds/cancel-statements.ts'
import { expireTokens } from './kinds/expire-tokens.ts'
import { failStatements } from './kinds/fail-statements.ts'
import { latency } from './kinds/latency.ts'
import { loginLimit } from './kinds/login-limit.ts'
import { loseSessions } from './kinds/lose-sessions.ts'
import { outage } from './kinds/outage.ts'
import { throttle } from './kinds/throttle.ts'

/** Every kind of fault there is, in the order in which they look at a request or a statement: a statement is slow before it fails. */
export const faultTable: readonly FaultKind[] = [
  outage,
  throttle,
  loginLimit,
  latency,
  cancelStatements,
  failStatements,
  expireTokens,
  loseSessions,
]
