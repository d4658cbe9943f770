import { parseTokenTree, splitStatements, tokenize } from '@squall/snowflake-sql'
import { sourceNames } from './source-names.ts'

/** The tables and views a query names, each once, by the parts Snowflake stores; what cannot be read is left out. */
export function tableNames(sql: string): readonly (readonly string[])[] {
  const [statement] = splitStatements(tokenize(sql))
  if (statement === undefined) return []
  const { names } = sourceNames(parseTokenTree(statement.tokens).nodes)
  const found = new Map(names.filter(({ isCall }) => !isCall).map(({ parts }) => [JSON.stringify(parts), parts]))
  return [...found.values()]
}
