import { splitAtOperator } from '../../translate/node-cursor.ts'
import { quoteText } from '../../translate/quote.ts'
import { toStatementResult } from '../duckdb-result.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'

/** `SET name = expression`, `SET (a, b) = (1, 2)`: values are computed at once and kept as literals. */
export const setVariable: Command = async (frame) => {
  const { cursor } = frame
  cursor.next()
  const names = takeNames(frame)
  if (!cursor.skipOperator('=')) throw cursor.unexpected()
  const rest = cursor.takeRest()
  const [group] = rest
  const expressions = names.length > 1 && group?.kind === 'group' ? splitAtOperator(group.children, ',') : [rest]
  if (expressions.length !== names.length || rest.length === 0) throw cursor.unexpected()
  for (const [index, name] of names.entries()) {
    frame.session.variables.set(name, await evaluate(frame, expressions[index] ?? []))
  }
  return toStatusResult('Statement executed successfully.', statementTypes.session)
}

/** `UNSET a`, `UNSET (a, b)`. */
export const unsetVariable: Command = async (frame) => {
  frame.cursor.next()
  for (const name of takeNames(frame)) frame.session.variables.delete(name)
  frame.cursor.expectEnd()
  return toStatusResult('Statement executed successfully.', statementTypes.session)
}

function takeNames({ cursor }: StatementFrame): readonly string[] {
  const group = cursor.takeGroup('(')
  if (!group) return [cursor.takeName()]
  return splitAtOperator(group.children, ',').map(([node]) => {
    if (node?.kind !== 'leaf' || node.token.kind !== 'word') throw cursor.unexpected()
    return node.token.text.toUpperCase()
  })
}

async function evaluate(frame: StatementFrame, nodes: Parameters<typeof frame.scope.expression>[0]): Promise<string> {
  const result = await frame.run(`SELECT ${frame.scope.expression(nodes, frame.scope)}`)
  const { columns, batches } = toStatementResult(result, statementTypes.select)
  for await (const [row] of batches()) return toLiteral(row?.[0] ?? null, columns[0]?.type ?? 'text')
  return 'NULL'
}

function toLiteral(cell: string | null, type: string): string {
  if (cell === null) return 'NULL'
  if (type === 'fixed') return cell
  if (type === 'real') return `CAST('${cell}' AS DOUBLE)`
  if (type === 'boolean') return cell === '1' ? 'TRUE' : 'FALSE'
  if (type === 'date') return `(DATE '1970-01-01' + ${cell})`
  if (type === 'timestamp_ntz') return `make_timestamp(CAST(${cell} * 1000000 AS BIGINT))`
  if (type === 'timestamp_ltz') return `to_timestamp(${cell})`
  return quoteText(cell)
}
