import { unsupportedFeature } from '../../engine/snowflake-errors.ts'
import type { FunctionCall, FunctionTable } from './function-translation.ts'
import { renamed } from './function-translation.ts'

/** Aggregates whose shape differs from DuckDB's. */
export const aggregateFunctions: FunctionTable = {
  // A macro cannot take DISTINCT or a window; those averages stay floating point.
  AVG: ({ arg, isDistinct, isWindowed }) =>
    isDistinct || isWindowed ? `avg(${isDistinct ? 'DISTINCT ' : ''}${arg(0)})` : `SF_AVG(${arg(0)})`,
  LISTAGG: listAgg,
  STRING_AGG: listAgg,
  ARRAY_AGG: arrayAgg,
  ARRAY_UNIQUE_AGG: ({ arg }) => `to_json(list(DISTINCT ${arg(0)}) FILTER (WHERE ${arg(0)} IS NOT NULL))`,
  OBJECT_AGG: ({ arg }) => `json_group_object(${arg(0)}, ${arg(1)})`,
  BOOLAND_AGG: renamed('bool_and'),
  BOOLOR_AGG: renamed('bool_or'),
  BITAND_AGG: renamed('bit_and'),
  BITOR_AGG: renamed('bit_or'),
  BITXOR_AGG: renamed('bit_xor'),
  SKEW: renamed('skewness'),
  HLL: renamed('approx_count_distinct'),
  VARIANCE_SAMP: renamed('var_samp'),
  VARIANCE_POP: renamed('var_pop'),
  APPROX_PERCENTILE: ({ arg }) => `approx_quantile(${arg(0)}, ${arg(1)})`,
  APPROX_TOP_K: ({ arg, optional }) => `to_json(approx_top_k(${arg(0)}, ${optional(1) ?? '1'}))`,
  RATIO_TO_REPORT: ({ arg }) => `${arg(0)} / sum(${arg(0)})`,
  COUNT: ({ args, list, isDistinct, arg }) =>
    isDistinct && args.length > 1 ? countDistinctTuples(arg, args.length) : `count(${isDistinct ? 'DISTINCT ' : ''}${list})`,
}

/** NULLs are left out, and of no rows it is the empty array. */
function arrayAgg({ arg, isDistinct, orderBy, isWindowed, token }: FunctionCall): string {
  if (isWindowed) throw unsupportedFeature('ARRAY_AGG as a window function', token)
  const values = `list(${isDistinct ? 'DISTINCT ' : ''}${arg(0)}${orderBy === undefined ? '' : ` ${orderBy}`})`
  return `to_json(coalesce(${values} FILTER (WHERE ${arg(0)} IS NOT NULL), []))`
}

/** COUNT(DISTINCT a, b) leaves out tuples with a NULL in them. */
function countDistinctTuples(arg: (index: number) => string, length: number): string {
  const columns = Array.from({ length }, (_, index) => arg(index))
  return `count(DISTINCT (${columns.join(', ')})) FILTER (WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')})`
}

/** Of no rows it is the empty text, not NULL. */
function listAgg({ arg, optional, isDistinct, orderBy, isWindowed }: FunctionCall): string {
  const ordering = orderBy === undefined ? '' : ` ${orderBy}`
  // DuckDB orders distinct values only by the very expression they are, so that one stays as it is.
  const value = isDistinct ? `DISTINCT ${arg(0)}` : `SF_TO_VARCHAR(${arg(0)})`
  const aggregate = `string_agg(${value}, ${optional(1) ?? "''"}${ordering})`
  return isWindowed ? aggregate : `coalesce(${aggregate}, '')`
}
