import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import { z } from 'zod'
import { mcpServerErrors } from '../errors.ts'

/** How Snowflake's REST interfaces know a caller. */
export interface CortexToken {
  readonly type: 'KEYPAIR_JWT' | 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN'
  readonly token: string
}

/** As whom a request is made. */
export interface CortexSignIn extends CortexToken {
  /** The role it runs with; the user's default one where absent. */
  readonly role?: string | undefined
}

export interface CortexOptions {
  /** Of the account: `https://myorg-myaccount.snowflakecomputing.com`. */
  readonly baseUrl: string
  /** Asked for each request, as tokens expire, and callers may differ. */
  readonly signIn: () => CortexSignIn
  readonly timeoutMs: number
  readonly clock: Clock
  /** The program's own unless a test gives another. */
  readonly fetch?: typeof fetch
}

/** Snowflake's REST interfaces to its Cortex services. */
export interface CortexClient {
  /**
   * Posts JSON and gives back what came, not yet checked.
   * @param signal gives up.
   * @throws CodedError MCP_CORTEX_FAILED; the signal's reason.
   */
  post(path: string, body: object, signal: AbortSignal): Promise<unknown>
}

const largestReplyBytes = 4_194_304

export function createCortexClient(options: CortexOptions): CortexClient {
  const { baseUrl, signIn, timeoutMs, clock, fetch: send = fetch } = options
  return {
    async post(path, body, signal) {
      const limit = new AbortController()
      const timer = clock.at(clock.monotonicMs() + timeoutMs, () => limit.abort(new Error('the time was over')))
      try {
        const response = await send(new URL(path, baseUrl), {
          method: 'POST',
          headers: headersFor(signIn()),
          body: JSON.stringify(body),
          // Credentials must not follow wherever a reply points.
          redirect: 'error',
          signal: AbortSignal.any([signal, limit.signal]),
        })
        const text = await readText(response)
        if (!response.ok) throw refusal(response.status, text, response.headers.get('retry-after'))
        return parseJson(text)
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof CodedError) throw error
        const message = limit.signal.aborted
          ? `no answer within ${timeoutMs} ms`
          : `the service cannot be reached: ${reasonOf(error)}`
        throw new CodedError(mcpServerErrors.MCP_CORTEX_FAILED, { message, cause: error })
      } finally {
        timer.cancel()
      }
    },
  }
}

function headersFor({ type, token, role }: CortexSignIn): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'x-snowflake-authorization-token-type': type,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'squall-snowflake-mcp',
    ...(role !== undefined && { 'x-snowflake-role': role }),
  }
}

/** Reads no more than an answer may be; a service that sends for ever is not listened to for ever. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // Node's type of a body says nothing of its chunks.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length
    if (sizeBytes > largestReplyBytes) throw failure('the answer is larger than 4 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw failure('the answer is not JSON')
  }
}

const refusalSchema = z.object({ code: z.coerce.string().optional(), message: z.string() })

function refusal(status: number, text: string, retryAfter: string | null): CodedError {
  const read = refusalSchema.safeParse(tryJson(text)).data
  const reason = read === undefined ? '' : `: ${read.message}${read.code === undefined ? '' : ` (${read.code})`}`
  const hints: Readonly<Record<number, string>> = {
    401: 'The server is not signed in to it: its operator must check the token or key.',
    403: 'The role of the server may not use the service: its operator must grant USAGE.',
    404: 'The service does not exist, or the role may not see it.',
    429: `Too many requests: try again ${retryAfter === null ? 'later' : `in ${retryAfter} s`}.`,
  }
  const hint = hints[status]
  return new CodedError(mcpServerErrors.MCP_CORTEX_FAILED, {
    message: `HTTP ${status}${reason}`,
    ...(hint !== undefined && { hint }),
  })
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Node says only that fetching failed; why stands in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error ? cause.message : String(error)
}

export function failure(message: string): CodedError {
  return new CodedError(mcpServerErrors.MCP_CORTEX_FAILED, { message })
}
