import { setImmediate as nextTurn } from 'node:timers/promises'
import { CodedError, nearestNames, type Problem } from '@squall/errors'
import { poolErrors } from '@squall/pool'
import { SnowflakeQueryError, snowflakeErrors } from '@squall/snowflake'
import { mcpServerErrors } from '../errors.ts'
import type { RequestContext } from '../request-context.ts'
import { RefusedStatement } from '../snowflake/refused-statement.ts'
import { showPlace } from '../text/show-place.ts'
import { answered, failed, type CallOutcome } from '../tool-result.ts'
import type { Tool, ToolWork } from '../tools/tool.ts'

export interface RunToolOptions {
  readonly tools: readonly Tool[]
  readonly workFor: (context: RequestContext) => ToolWork
  /** Told of errors that are no one's input: bugs. */
  readonly onBug: (error: unknown, context: RequestContext) => void
}

/** The end of the chain: finds the tool, checks its arguments, runs it, and puts whatever went wrong into words. */
export function createRunTool({ tools, workFor, onBug }: RunToolOptions): (context: RequestContext) => Promise<CallOutcome> {
  const byName = new Map(tools.map((tool) => [tool.descriptor.name, tool]))
  return async (context) => {
    const tool = byName.get(context.tool)
    if (tool === undefined) return { kind: 'unknown-tool', message: unknownTool(context.tool, [...byName.keys()]) }
    try {
      const run = tool.prepare(context.arguments)
      const { text, structured } = await run(workFor(context))
      // Long text took long to make, and so does the reply it is part of: others have their turn in between.
      if (text.length > longText) await nextTurn()
      return answered(text, structured)
    } catch (error) {
      if (error instanceof CodedError) context.record.code = error.code
      if (context.signal.aborted) return { kind: 'cancelled' }
      const refusal = toRefusal(error)
      if (refusal !== undefined) return refusal
      if (!(error instanceof CodedError)) onBug(error, context)
      return failed(describeFailure(error, tool.failurePrefix, context.requestId), context.record.code)
    }
  }
}

const longText = 100_000

const retryAfterMs = 1000

/** Where the pool turned the call away nothing was run: the client may come again, and no model needs to think about it. */
function toRefusal(error: unknown): CallOutcome | undefined {
  if (!(error instanceof CodedError)) return undefined
  if (error.code === poolErrors.POOL_QUEUE_FULL.code) return { kind: 'refused', status: 429, retryAfterMs, error }
  if (error.code === poolErrors.POOL_DRAINING.code) return { kind: 'refused', status: 503, error }
  return undefined
}

const longestName = 100

function unknownTool(name: string, names: readonly string[]): string {
  // Nobody comes near a tool by a longer one, and to look would take long.
  if (name.length > longestName) return `Unknown tool: ${name.slice(0, longestName)}…`
  const [nearest] = nearestNames(name, names)
  return `Unknown tool: ${name}${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`
}

const argumentFaults: ReadonlySet<string> = new Set([
  mcpServerErrors.MCP_BAD_ARGUMENTS.code,
  mcpServerErrors.MCP_NOT_READ_ONLY.code,
])

/** The text of a failed call: what happened, where, and how to mend it. */
function describeFailure(error: unknown, failurePrefix: string, requestId: string): string {
  if (!(error instanceof CodedError)) return `${failurePrefix}: internal error\nRequest ID: ${requestId}`
  // A call that never got beyond its arguments begins with these words, as the original server's did.
  const lead = argumentFaults.has(error.code) ? `Error: ${error.message}` : `${failurePrefix}: ${error.message}`
  const isBareArgumentFault = error.code === mcpServerErrors.MCP_BAD_ARGUMENTS.code && error.problems.length === 0
  if (isBareArgumentFault) return lead
  return [
    lead,
    ...placeOf(error),
    ...error.problems.map(describeProblem),
    ...snowflakeFacts(error),
    `Hint: ${error.hint}`,
    `Request ID: ${requestId}`,
  ].join('\n')
}

function placeOf(error: CodedError): string[] {
  if (!(error instanceof RefusedStatement) || error.line === undefined) return []
  const shown = showPlace(error.sql, error.line, error.position ?? 0)
  return shown === undefined ? [] : [shown]
}

function describeProblem({ where, value, expected }: Problem): string {
  return value === undefined ? `- ${where}: ${expected}` : `- ${where}: expected ${expected}; got ${brief(value)}`
}

const longestValue = 80

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

function snowflakeFacts(error: CodedError): string[] {
  if (!(error instanceof SnowflakeQueryError)) return [`[${error.code}]`]
  const { snowflakeCode, sqlState, queryId, line, position } = error
  const place = line === undefined ? [] : [`at line ${line}${position === undefined ? '' : `, position ${position}`}`]
  const state = sqlState === undefined ? [] : [`SQLSTATE ${sqlState}`]
  const query = queryId === undefined ? [] : [`query id ${queryId}`]
  return [
    `[${snowflakeErrors.SNOWFLAKE_QUERY_FAILED.code}] Snowflake ${[snowflakeCode, ...state, ...place, ...query].join(', ')}`,
  ]
}
