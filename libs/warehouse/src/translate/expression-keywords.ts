import type { TokenNode } from '@squall/snowflake-sql'

/** Words of expressions that are never names in Snowflake, or not where an expression is read. They pass as they are. */
const keywords = new Set(
  `ALL AND ANY AS ASC BETWEEN BY CASE DESC DISTINCT ELSE END ESCAPE EXCLUDE EXISTS FALSE FOLLOWING FROM GROUP IGNORE ILIKE IN IS
  LIKE NOT NULL NULLS ON OR ORDER OVER PARTITION PRECEDING REGEXP RENAME REPLACE RESPECT RLIKE ROW ROWS SOME THEN TRUE
  UNBOUNDED USING WHEN WITHIN`.split(/\s+/),
)

/** Whether the node is a word of the language of expressions, and so no name. */
export function isExpressionKeyword(node: TokenNode | undefined): boolean {
  return node?.kind === 'leaf' && node.token.kind === 'word' && keywords.has(node.token.text.toUpperCase())
}
