import { isKeyword, stringValue } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../../engine/snowflake-errors.ts'
import { takeDataType } from '../data-type.ts'
import { toStrftime } from '../date-format.ts'
import { leafToken, NodeCursor } from '../node-cursor.ts'
import { quoteText } from '../quote.ts'
import { castTo } from '../variant-path.ts'
import type { FunctionCall, FunctionTable, FunctionTranslation } from './function-translation.ts'

/** CAST, TRY_CAST, TO_… and TRY_TO_…. */
export const conversionFunctions: FunctionTable = {
  CAST: (call) => cast(call, castTo),
  TRY_CAST: (call) => cast(call, tryCastTo),
  TO_NUMBER: toNumber('CAST'),
  TO_DECIMAL: toNumber('CAST'),
  TO_NUMERIC: toNumber('CAST'),
  TRY_TO_NUMBER: toNumber('TRY_CAST'),
  TRY_TO_DECIMAL: toNumber('TRY_CAST'),
  TRY_TO_NUMERIC: toNumber('TRY_CAST'),
  TO_DOUBLE: ({ arg }) => `CAST(${arg(0)} AS DOUBLE)`,
  TRY_TO_DOUBLE: ({ arg }) => `TRY_CAST(${arg(0)} AS DOUBLE)`,
  TO_BOOLEAN: ({ arg }) => `CAST(${arg(0)} AS BOOLEAN)`,
  TRY_TO_BOOLEAN: ({ arg }) => `TRY_CAST(${arg(0)} AS BOOLEAN)`,
  TO_VARCHAR: toVarchar,
  TO_CHAR: toVarchar,
  TO_TIME: ({ arg }) => `CAST(${arg(0)} AS TIME)`,
  TIME: ({ arg }) => `CAST(${arg(0)} AS TIME)`,
  TRY_TO_TIME: ({ arg }) => `TRY_CAST(${arg(0)} AS TIME)`,
  TO_DATE: toMoment('SF_TO_DATE', 'DATE', 'strptime'),
  DATE: toMoment('SF_TO_DATE', 'DATE', 'strptime'),
  TRY_TO_DATE: toMoment('SF_TRY_TO_DATE', 'DATE', 'try_strptime'),
  TO_TIMESTAMP: toMoment('SF_TO_TIMESTAMP', 'TIMESTAMP', 'strptime'),
  TO_TIMESTAMP_NTZ: toMoment('SF_TO_TIMESTAMP', 'TIMESTAMP', 'strptime'),
  TO_TIMESTAMP_LTZ: toMoment('SF_TO_TIMESTAMPTZ', 'TIMESTAMPTZ', 'strptime'),
  TO_TIMESTAMP_TZ: toMoment('SF_TO_TIMESTAMPTZ', 'TIMESTAMPTZ', 'strptime'),
  TRY_TO_TIMESTAMP: toMoment('SF_TRY_TO_TIMESTAMP', 'TIMESTAMP', 'try_strptime'),
  TRY_TO_TIMESTAMP_NTZ: toMoment('SF_TRY_TO_TIMESTAMP', 'TIMESTAMP', 'try_strptime'),
  TO_BINARY: toBinary,
}

function cast(call: FunctionCall, convert: (sql: string, type: string) => string): string {
  const nodes = call.args.flatMap((arg, index) => (index === 0 ? arg : []))
  const as = nodes.findLastIndex((node) => isKeyword(leafToken(node), 'AS'))
  if (as <= 0 || call.args.length !== 1) throw syntaxError(call.token)
  const type = new NodeCursor(nodes.slice(as + 1))
  const target = takeDataType(type)
  type.expectEnd()
  return convert(call.scope.expression(nodes.slice(0, as), call.scope), target)
}

function tryCastTo(sql: string, type: string): string {
  return type === 'VARCHAR' || type === 'JSON' ? castTo(sql, type) : `TRY_CAST(${sql} AS ${type})`
}

/** `TO_NUMBER(x [, format] [, precision [, scale]])`; a format is not supported. */
function toNumber(keyword: 'CAST' | 'TRY_CAST'): FunctionTranslation {
  return ({ args, arg, name, token }) => {
    const sizes = args.slice(1).map(([node]) => leafToken(node))
    if (sizes.some((size) => size?.kind !== 'number')) throw unsupportedFeature(`${name} with a format`, token)
    return `${keyword}(${arg(0)} AS DECIMAL(${sizes[0]?.text ?? '38'},${sizes[1]?.text ?? '0'}))`
  }
}

/** The format of a call where one is given; it must be a literal, since it is translated before anything runs. */
function formatOf({ args, name, token }: FunctionCall): string | undefined {
  const [, format] = args
  if (format === undefined) return undefined
  const text = format.length === 1 ? stringValue(leafToken(format[0])) : undefined
  if (text === undefined) throw unsupportedFeature(`${name} with a computed format`, token)
  return text
}

function toVarchar(call: FunctionCall): string {
  const format = formatOf(call)
  if (format === undefined) return `SF_TO_VARCHAR(${call.arg(0)})`
  if (/[09$XS]/.test(format) && !/[YMDH]/i.test(format))
    throw unsupportedFeature(`${call.name} with a numeric format`, call.token)
  return `strftime(SF_TO_TIMESTAMP(${call.arg(0)}), ${quoteText(toStrftime(format))})`
}

function toMoment(macro: string, type: string, parse: 'strptime' | 'try_strptime'): FunctionTranslation {
  return (call) => {
    const [, second] = call.args
    const isScale = second?.length === 1 && leafToken(second[0])?.kind === 'number'
    if (isScale && macro !== 'SF_TO_DATE' && macro !== 'SF_TRY_TO_DATE')
      return fromUnits(call, type, leafToken(second[0])?.text ?? '0')
    const format = isScale ? undefined : formatOf(call)
    if (format === undefined || format.toUpperCase() === 'AUTO') return `${macro}(${call.arg(0)})`
    return `CAST(${parse}(${call.arg(0)}, ${quoteText(toStrftime(format))}) AS ${type})`
  }
}

/** A number of units of 10^-scale seconds since 1970. */
function fromUnits({ arg }: FunctionCall, type: string, scale: string): string {
  const moment = `SF_FROM_UNITS(${arg(0)}, ${scale})`
  return type === 'TIMESTAMPTZ' ? `timezone('UTC', ${moment})` : moment
}

function toBinary({ arg, args }: FunctionCall): string {
  const format = stringValue(leafToken(args[1]?.[0]))?.toUpperCase() ?? 'HEX'
  if (format === 'HEX') return `from_hex(${arg(0)})`
  return format === 'BASE64' ? `from_base64(${arg(0)})` : `encode(${arg(0)})`
}
