import { stringValue } from '@squall/snowflake-sql'
import { leafToken } from '../node-cursor.ts'
import { quoteText } from '../quote.ts'
import type { FunctionCall, FunctionTable } from './function-translation.ts'

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
  SPLIT: ({ arg }) => `to_json(string_split(${arg(0)}, ${arg(1)}))`,
  OBJECT_CONSTRUCT: ({ list }) => `json_merge_patch('{}', json_object(${list}))`,
  OBJECT_CONSTRUCT_KEEP_NULL: ({ list }) => `json_object(${list})`,
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

function getPath({ arg, args }: FunctionCall): string {
  const path = stringValue(leafToken(args[1]?.[0]))
  return path === undefined ? `json_extract(${arg(0)}, '$.' || ${arg(1)})` : `json_extract(${arg(0)}, ${quoteText(`$.${path}`)})`
}
