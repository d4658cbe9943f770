import type { TokenNode } from '@squall/snowflake-sql'
import { splitAtOperator } from '../../translate/node-cursor.ts'
import { toStatementResult } from '../duckdb-result.ts'
import type { SessionVariable } from '../session-state.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { toWireLiteral } from '../wire-literal.ts'
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

async function evaluate(frame: StatementFrame, nodes: readonly TokenNode[]): Promise<SessionVariable> {
  const result = await frame.run(`SELECT ${frame.scope.expression(nodes, frame.scope)}`)
  const { columns, batches } = toStatementResult(result, statementTypes.select)
  const [column = { type: 'text' }] = columns
  const [[row] = []] = [...batches()]
  const value = row?.[0] ?? null
  return { literal: toWireLiteral(value, column), value, type: column.type }
}
