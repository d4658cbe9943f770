import { splitStatements, tokenize, type Statement as SqlStatement } from '@squall/snowflake-sql'
import type { Bind } from '../../engine/engine.ts'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { toTableResult } from '../../engine/table-result.ts'
import type { WireLimits } from '../limits.ts'
import { ServedResult, type ResultPart } from '../results/served-result.ts'
import type { Statement, StatementRequest } from './statement.ts'

/** Snowflake's number for a request of several statements. */
const manyStatements = 0xa000

/**
 * The statements of a request that holds several, or nothing where it is an ordinary one.
 * @param wanted how many the client says there are; 0 lets any number pass.
 * @throws SnowflakeError 000008 for another number.
 */
export function splitRequest(request: StatementRequest, wanted: number): readonly StatementRequest[] | undefined {
  if (wanted === 1 || request.describeOnly) return undefined
  const statements = splitStatements(tokenize(request.sqlText))
  if (statements.length <= 1 && wanted <= 1) return undefined
  if (wanted !== 0 && statements.length !== wanted) {
    const message = `Actual statement count ${statements.length} did not match the desired statement count ${wanted}.`
    throw new SnowflakeError('000008', '0A000', message)
  }
  let used = 0
  return statements.map((statement, index) => {
    const binds = request.binds.slice(used, used + countPlaceholders(statement))
    used += binds.length
    return toRequest(request, statement, binds, index)
  })
}

function toRequest(request: StatementRequest, { text }: SqlStatement, binds: readonly Bind[], index: number): StatementRequest {
  return { ...request, requestId: `${request.requestId}.${index}`, sqlText: text, binds }
}

/** Each statement takes as many of the values as it has question marks. */
function countPlaceholders({ tokens }: SqlStatement): number {
  return tokens.filter((token) => token.kind === 'bind' && token.text === '?').length
}

/**
 * Runs statements one after the other, until one fails or the request is cancelled.
 * @returns what the reply says of them: no rows of theirs, but where each one's are.
 * @throws SnowflakeError of the first that fails.
 */
export async function runMany(
  requests: readonly StatementRequest[],
  start: (request: StatementRequest) => Statement,
  signal: AbortSignal,
  limits: WireLimits,
): Promise<ServedResult> {
  const done: ResultPart[] = []
  for (const request of requests) {
    const statement = start(request)
    const cancel = (): void => void statement.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    await statement.finished
    signal.removeEventListener('abort', cancel)
    const { outcome, queryId } = statement
    if (outcome?.kind !== 'success') throw outcome?.error ?? new Error(`statement ${queryId} has no outcome`)
    done.push({ queryId, statementTypeId: outcome.result.statementTypeId })
  }
  const summary = toTableResult(
    [['multiple statement execution', 'text']],
    [['Multiple statements executed successfully.']],
    manyStatements,
  )
  return ServedResult.open(summary, limits, done)
}
