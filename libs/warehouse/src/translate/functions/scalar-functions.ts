import { syntaxError } from '../../engine/snowflake-errors.ts'
import type { FunctionCall, FunctionTable } from './function-translation.ts'
import { renamed } from './function-translation.ts'

/** Functions of numbers, texts and conditions with a variable number of arguments, or another name. */
export const scalarFunctions: FunctionTable = {
  // NULL with anything is NULL, while DuckDB's concat skips NULL.
  CONCAT: ({ args, arg }) => `(${args.map((_, index) => `SF_TO_VARCHAR(${arg(index)})`).join(' || ')})`,
  DECODE: decode,
  GREATEST: extreme,
  LEAST: extreme,
  GREATEST_IGNORE_NULLS: renamed('greatest'),
  LEAST_IGNORE_NULLS: renamed('least'),
  ENDSWITH: renamed('ends_with'),
  STARTSWITH: renamed('starts_with'),
  EDITDISTANCE: ({ arg }) => `levenshtein(${arg(0)}, ${arg(1)})`,
  CHR: renamed('chr'),
  CHAR: renamed('chr'),
  LPAD: ({ arg, optional }) => `lpad(${arg(0)}, CAST(${arg(1)} AS INT), ${optional(2) ?? "' '"})`,
  RPAD: ({ arg, optional }) => `rpad(${arg(0)}, CAST(${arg(1)} AS INT), ${optional(2) ?? "' '"})`,
  REPLACE: ({ arg, optional }) => `replace(${arg(0)}, ${arg(1)}, ${optional(2) ?? "''"})`,
  POSITION: position,
  CHARINDEX: ({ arg, optional }) => findFrom(arg(0), arg(1), optional(2)),
  TRIM: trim,
  REGEXP_LIKE: ({ arg, optional }) => `regexp_full_match(${[arg(0), arg(1), optional(2)].filter(Boolean).join(', ')})`,
  RLIKE: ({ arg, optional }) => `regexp_full_match(${[arg(0), arg(1), optional(2)].filter(Boolean).join(', ')})`,
  REGEXP_SUBSTR: regexpSubstr,
  REGEXP_REPLACE: ({ arg, optional }) => `regexp_replace(${arg(0)}, ${arg(1)}, ${optional(2) ?? "''"}, 'g')`,
  REGEXP_COUNT: ({ arg }) => `len(regexp_extract_all(${arg(0)}, ${arg(1)}))`,
  REGEXP_INSTR: ({ arg }) =>
    `(CASE WHEN regexp_matches(${arg(0)}, ${arg(1)}) THEN instr(${arg(0)}, regexp_extract(${arg(0)}, ${arg(1)})) ELSE 0 END)`,
  STRTOK: ({ arg, optional }) => `SF_STRTOK(${arg(0)}, ${optional(1) ?? "' '"}, ${optional(2) ?? '1'})`,
  STRTOK_TO_ARRAY: ({ arg, optional }) => `SF_TOKENS(${arg(0)}, ${optional(1) ?? "' '"})`,
  INSERT: ({ arg }) =>
    `(left(${arg(0)}, CAST(${arg(1)} AS INT) - 1) || ${arg(3)} || substr(${arg(0)}, CAST(${arg(1)} AS INT) + CAST(${arg(2)} AS INT)))`,
  JAROWINKLER_SIMILARITY: ({ arg }) => `CAST(floor(jaro_winkler_similarity(${arg(0)}, ${arg(1)}) * 100) AS BIGINT)`,
  RANDSTR: ({ arg }) => `left(md5(CAST(random() AS VARCHAR)) || md5(CAST(random() AS VARCHAR)), CAST(${arg(0)} AS INT))`,
  SHA2: renamed('SF_SHA2'),
  SHA2_HEX: renamed('SF_SHA2'),
  MD5_HEX: renamed('md5'),
  SHA1_HEX: renamed('sha1'),
  CONCAT_WS: ({ args, arg }) => {
    const [separator, ...values] = args.map((_, index) => `SF_TO_VARCHAR(${arg(index)})`)
    return `(${values.join(` || ${separator ?? ''} || `)})`
  },
  HEX_ENCODE: ({ arg }) => `hex(${arg(0)})`,
  BASE64_ENCODE: ({ arg }) => `to_base64(encode(${arg(0)}))`,
  BASE64_DECODE_STRING: ({ arg }) => `decode(from_base64(${arg(0)}))`,
  UUID_STRING: () => 'CAST(uuid() AS VARCHAR)',
  RANDOM: () => 'CAST((random() - 0.5) * 18446744073709551615 AS HUGEINT)',
  UNIFORM: ({ arg }) => `CAST(floor(${arg(0)} + random() * (${arg(1)} - ${arg(0)} + 1)) AS BIGINT)`,
  SEQ1: sequence,
  SEQ2: sequence,
  SEQ4: sequence,
  SEQ8: sequence,
  TRUNCATE: renamed('trunc'),
  POW: renamed('power'),
  CEIL: ({ arg, optional }) => scaled('ceil', arg(0), optional(1)),
  FLOOR: ({ arg, optional }) => scaled('floor', arg(0), optional(1)),
  BITAND: ({ arg }) => `(${arg(0)} & ${arg(1)})`,
  BITOR: ({ arg }) => `(${arg(0)} | ${arg(1)})`,
  BITXOR: ({ arg }) => `xor(${arg(0)}, ${arg(1)})`,
  BITSHIFTLEFT: ({ arg }) => `(${arg(0)} << ${arg(1)})`,
  BITSHIFTRIGHT: ({ arg }) => `(${arg(0)} >> ${arg(1)})`,
}

/** `DECODE(x, a, 1, b, 2, 3)`: like CASE, but NULL equals NULL. */
function decode({ args, arg, token }: FunctionCall): string {
  if (args.length < 3) throw syntaxError(token)
  const cases: string[] = []
  for (let index = 1; index + 1 < args.length; index += 2) {
    cases.push(`WHEN ${arg(0)} IS NOT DISTINCT FROM ${arg(index)} THEN ${arg(index + 1)}`)
  }
  const otherwise = args.length % 2 === 0 ? ` ELSE ${arg(args.length - 1)}` : ''
  return `(CASE ${cases.join(' ')}${otherwise} END)`
}

/** `REGEXP_SUBSTR(text, pattern [, position [, occurrence [, parameters [, group]]]])`. */
function regexpSubstr({ arg, optional }: FunctionCall): string {
  const text = optional(2) === undefined ? arg(0) : `substr(${arg(0)}, CAST(${arg(2)} AS BIGINT))`
  const group = optional(5) ?? (optional(4)?.includes('e') === true ? '1' : '0')
  if (optional(3) === undefined) return `nullif(regexp_extract(${text}, ${arg(1)}), '')`
  return `regexp_extract_all(${text}, ${arg(1)}, ${group})[${arg(3)}]`
}

/** NULL with anything is NULL, while DuckDB's functions skip NULL. */
function extreme({ name, args, arg, list }: FunctionCall): string {
  const anyNull = args.map((_, index) => `${arg(index)} IS NULL`).join(' OR ')
  return `(CASE WHEN ${anyNull} THEN NULL ELSE ${name.toLowerCase()}(${list}) END)`
}

/** `POSITION(a IN b)` or `POSITION(a, b [, start])`. */
function position({ args, arg, optional, list }: FunctionCall): string {
  return args.length === 1 ? `position(${list})` : findFrom(arg(0), arg(1), optional(2))
}

function findFrom(what: string, text: string, start: string | undefined): string {
  return start === undefined ? `instr(${text}, ${what})` : `SF_FIND_FROM(${text}, ${what}, ${start})`
}

function trim({ list }: FunctionCall): string {
  return `trim(${list})`
}

function scaled(name: string, value: string, scale: string | undefined): string {
  return scale === undefined ? `${name}(${value})` : `${name}(${value} * power(10, ${scale})) / power(10, ${scale})`
}

function sequence(): string {
  return '(row_number() OVER () - 1)'
}
