import { isOperator, stringValue } from '@squall/snowflake-sql'
import { unsupportedFeature } from '../../engine/snowflake-errors.ts'
import { leafToken } from '../node-cursor.ts'
import { quoteText } from '../quote.ts'
import type { FunctionCall, FunctionTable, FunctionTranslation } from './function-translation.ts'

/** Functions of VARIANT, OBJECT and ARRAY, which are JSON here. */
export const variantFunctions: FunctionTable = {
  PARSE_JSON: ({ arg }) => `CAST(${arg(0)} AS JSON)`,
  TRY_PARSE_JSON: ({ arg }) => `TRY_CAST(${arg(0)} AS JSON)`,
  TO_JSON: ({ arg }) => `CAST(to_json(${arg(0)}) AS VARCHAR)`,
  TO_VARIANT: ({ arg }) => `to_json(${arg(0)})`,
  TO_OBJECT: ({ arg }) => `to_json(${arg(0)})`,
  TO_ARRAY: ({ arg }) => `SF_TO_ARRAY(to_json(${arg(0)}))`,
  ARRAY_CONSTRUCT: ({ list }) => `json_array(${list})`,
  ARRAY_SIZE: ({ arg }) => `CAST(json_array_length(to_json(${arg(0)})) AS BIGINT)`,
  ARRAY_CONTAINS: ({ arg }) => `json_contains(to_json(${arg(1)}), to_json(${arg(0)}))`,
  ARRAY_TO_STRING: ({ arg }) => `array_to_string(json_extract_string(to_json(${arg(0)}), '$[*]'), ${arg(1)})`,
  ARRAY_APPEND: ({ arg }) => `to_json(list_append(json_extract(${arg(0)}, '$[*]'), to_json(${arg(1)})))`,
  ARRAY_CAT: ({ arg }) => `to_json(list_concat(json_extract(${arg(0)}, '$[*]'), json_extract(${arg(1)}, '$[*]')))`,
  ARRAY_PREPEND: ({ arg }) => `to_json(list_prepend(to_json(${arg(1)}), ${elements(arg(0))}))`,
  ARRAY_SLICE: ({ arg }) => `to_json(list_slice(${elements(arg(0))}, ${arg(1)} + 1, ${arg(2)}))`,
  ARRAY_DISTINCT: ({ arg }) => `to_json(list_distinct(${elements(arg(0))}))`,
  ARRAY_SORT: ({ arg }) => `to_json(list_sort(${elements(arg(0))}))`,
  ARRAY_MAX: ({ arg }) => `list_max(${elements(arg(0))})`,
  ARRAY_MIN: ({ arg }) => `list_min(${elements(arg(0))})`,
  ARRAY_POSITION: ({ arg }) => `(list_position(${elements(arg(1))}, to_json(${arg(0)})) - 1)`,
  ARRAY_COMPACT: ({ arg }) => `to_json(list_filter(${elements(arg(0))}, lambda item: json_type(item) <> 'NULL'))`,
  ARRAY_INTERSECTION: ({ arg }) => `to_json(list_intersect(${elements(arg(0))}, ${elements(arg(1))}))`,
  ARRAY_EXCEPT: ({ arg }) =>
    `to_json(list_filter(${elements(arg(0))}, lambda item: NOT list_contains(${elements(arg(1))}, item)))`,
  ARRAYS_OVERLAP: ({ arg }) => `list_has_any(${elements(arg(0))}, ${elements(arg(1))})`,
  OBJECT_INSERT: ({ arg }) => `json_merge_patch(${arg(0)}, json_object(${arg(1)}, ${arg(2)}))`,
  OBJECT_DELETE: ({ args, arg }) =>
    `json_merge_patch(${arg(0)}, json_object(${args
      .slice(1)
      .map((_, index) => `${arg(index + 1)}, NULL`)
      .join(', ')}))`,
  OBJECT_PICK: ({ args, arg }) =>
    `json_merge_patch('{}', json_object(${args
      .slice(1)
      .map((_, index) => `${arg(index + 1)}, SF_GET(${arg(0)}, ${arg(index + 1)})`)
      .join(', ')}))`,
  CHECK_JSON: ({ arg }) => `(CASE WHEN json_valid(${arg(0)}) THEN NULL ELSE 'not a JSON document' END)`,
  IS_INTEGER: isOfType("'UBIGINT', 'BIGINT'"),
  IS_DOUBLE: isOfType("'DOUBLE', 'UBIGINT', 'BIGINT'"),
  IS_BOOLEAN: isOfType("'BOOLEAN'"),
  IS_VARCHAR: isOfType("'VARCHAR'"),
  IS_CHAR: isOfType("'VARCHAR'"),
  SPLIT: ({ arg }) => `to_json(string_split(${arg(0)}, ${arg(1)}))`,
  OBJECT_CONSTRUCT: (call) => `json_merge_patch('{}', ${objectOf(call)})`,
  OBJECT_CONSTRUCT_KEEP_NULL: objectOf,
  OBJECT_KEYS: ({ arg }) => `to_json(json_keys(${arg(0)}))`,
  GET: ({ arg }) => `SF_GET(${arg(0)}, ${arg(1)})`,
  GET_PATH: getPath,
  TYPEOF: ({ arg }) => `SF_TYPEOF(to_json(${arg(0)}))`,
  IS_NULL_VALUE: ({ arg }) => `(json_type(${arg(0)}) = 'NULL')`,
  IS_ARRAY: ({ arg }) => `(json_type(${arg(0)}) = 'ARRAY')`,
  IS_OBJECT: ({ arg }) => `(json_type(${arg(0)}) = 'OBJECT')`,
  STRIP_NULL_VALUE: ({ arg }) => `nullif(${arg(0)}, 'null'::JSON)`,
  AS_VARCHAR: ({ arg }) => `SF_TO_VARCHAR(${arg(0)})`,
  AS_INTEGER: ({ arg }) => `TRY_CAST(${arg(0)} AS BIGINT)`,
  AS_DOUBLE: ({ arg }) => `TRY_CAST(${arg(0)} AS DOUBLE)`,
}

const elements = (array: string): string => `SF_ELEMENTS(to_json(${array}))`

/** Whether a document is one of DuckDB's kinds of JSON. */
function isOfType(kinds: string): FunctionTranslation {
  return ({ arg }) => `(json_type(${arg(0)}) IN (${kinds}))`
}

function objectOf({ name, args, list, token }: FunctionCall): string {
  if (isOperator(leafToken(args[0]?.[0]), '*')) throw unsupportedFeature(`${name}(*)`, token)
  return `json_object(${list})`
}

function getPath({ arg, args }: FunctionCall): string {
  const path = stringValue(leafToken(args[1]?.[0]))
  return path === undefined ? `json_extract(${arg(0)}, '$.' || ${arg(1)})` : `json_extract(${arg(0)}, ${quoteText(`$.${path}`)})`
}
