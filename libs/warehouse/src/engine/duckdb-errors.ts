import type { Token } from '@squall/snowflake-sql'
import { identifierName } from '@squall/snowflake-sql'
import { toSnowflakeType } from '../catalog/snowflake-type.ts'
import { SnowflakeError, type SnowflakeErrorPlace } from './snowflake-error.ts'
import {
  compilationError,
  doesNotExist,
  invalidIdentifier,
  placeOf,
  unexpectedAt,
  UnexpectedEnd,
  unknownFunction,
  unsupportedFeature,
} from './snowflake-errors.ts'

/** Where to look for the place of an error: the tokens as the user wrote them. */
export interface ErrorSource {
  readonly tokens: readonly Token[]
}

/** What Snowflake would say instead of what DuckDB said. Errors that are Snowflake's already stay. */
export function toSnowflakeError(error: unknown, source: ErrorSource): SnowflakeError {
  if (error instanceof SnowflakeError) return error
  if (error instanceof UnexpectedEnd) return unexpectedEnd([], source, error)
  const text = error instanceof Error ? error.message : String(error)
  for (const [pattern, translate] of translations) {
    const match = pattern.exec(text)
    if (match) return translate(match.slice(1), source, error)
  }
  return ofItsClass(text, error)
}

type ErrorTranslation = (groups: readonly (string | undefined)[], source: ErrorSource, cause: unknown) => SnowflakeError

/** The first token that names this, which is where Snowflake points. */
function placeOfName(name: string, { tokens }: ErrorSource): SnowflakeErrorPlace | undefined {
  return placeOf(tokens.find((token) => identifierName(token)?.toUpperCase() === name.toUpperCase()))
}

function placeOfText(text: string, { tokens }: ErrorSource): SnowflakeErrorPlace | undefined {
  return placeOf(
    tokens.find(
      (token) => token.text.toUpperCase() === text.toUpperCase() || token.text.toUpperCase() === `"${text.toUpperCase()}"`,
    ),
  )
}

const missingColumn: ErrorTranslation = ([table, column], source, cause) => {
  const name = column === undefined ? (table ?? '') : `${table}.${column}`
  return invalidIdentifier(name.toUpperCase(), placeOfName(column ?? table ?? '', source), cause)
}

const notRecognized =
  (code: string, sqlState: string, what: string): ErrorTranslation =>
  ([value = ''], _, cause) =>
    new SnowflakeError(code, sqlState, `${what} '${value}' is not recognized`, undefined, cause)

const simple =
  (code: string, sqlState: string, message: string): ErrorTranslation =>
  (_groups, _source, cause) =>
    new SnowflakeError(code, sqlState, message, undefined, cause)

const compilation =
  (code: string, sqlState: string, render: (groups: readonly (string | undefined)[]) => string): ErrorTranslation =>
  (groups, source, cause) => {
    const place = placeOfName(groups[0] ?? '', source)
    const where = place ? ` error line ${place.line} at position ${place.position}` : ''
    return new SnowflakeError(code, sqlState, `SQL compilation error:${where}\n${render(groups)}`, place, cause)
  }

const unexpectedText: ErrorTranslation = ([text = ''], source, cause) => {
  const place = placeOfText(text.replaceAll('"', ''), source) ?? { line: 1, position: 0 }
  return unexpectedAt(text, place.line, place.position, cause)
}

const unexpectedEnd: ErrorTranslation = (_, { tokens }, cause) => {
  const last = tokens.at(-1)
  return unexpectedAt('<EOF>', last?.line ?? 1, (last?.column ?? 0) + (last?.text.length ?? 0), cause)
}

const translations: readonly (readonly [RegExp, ErrorTranslation])[] = [
  // Also the text of a cast that fails on purpose: see `compatMacros`.
  [/Division by zero/i, simple('100051', '22012', 'Division by zero')],
  [/INTERRUPT/, simple('000604', '57014', 'SQL execution canceled')],
  [/syntax error at end of input/, unexpectedEnd],
  [/syntax error at or near "([^\n]*)"/, unexpectedText],
  [/Referenced column "([^"]*)" (?:not found|was not found)/, missingColumn],
  [/Column "([^"]*)" referenced that exists in the SELECT clause/, missingColumn],
  [/(?:Table|table) "([^"]*)" does not have a column named "([^"]*)"/, missingColumn],
  [/Referenced table "([^"]*)" not found/, missingColumn],
  [/Column "([^"]*)" does not exist/, missingColumn],
  [/Column "([^"]*)" in (?:REPLACE|EXCLUDE|RENAME) list not found/, missingColumn],
  [/LIMIT\/OFFSET cannot be negative/, (_, source, cause) => unexpectedText(['-'], source, cause)],
  [
    /ORDER term out of range - should be between 1 and (\d+)/,
    compilation('001003', '42000', ([last]) => `invalid ORDER BY position, expected 1 to ${last}`),
  ],
  [
    /TransactionContext Error|Transaction conflict|Conflict on/i,
    simple('000625', '57014', 'The statement could not lock its table: another transaction changed it first.'),
  ],
  [/Values list "([^"]*)" does not have a column named "([^"]*)"/, missingColumn],
  [
    /Ambiguous reference to column name "([^"]*)"/,
    compilation('002028', '42702', ([name]) => `ambiguous column name '${name?.toUpperCase()}'`),
  ],
  [
    /(?:Scalar|Aggregate|Table|Macro)? ?Function with name "?([^ "]+)"? does not exist/i,
    ([name = ''], source, cause) => unknownFunction(name.toUpperCase(), placeOfName(name, source), cause),
  ],
  [
    /Function "([^"]*)" is a table function|(?:"([^"]*)"|\S+) is not an aggregate function|Unknown ordered aggregate "([^"]*)"/,
    (names, source, cause) => {
      const name = names.find((found) => found !== undefined) ?? ''
      return unknownFunction(name.toUpperCase(), placeOfName(name, source), cause)
    },
  ],
  [
    /No function matches the given name and argument types '([^('"]+)\(([^']*)\)'/,
    compilation(
      '001044',
      '42P13',
      ([name, types]) => `Invalid argument types for function '${name?.toUpperCase()}': (${toSnowflakeTypes(types)})`,
    ),
  ],
  [
    /Macro "?([^ "(]+)"?\(?\)? (?:function )?(?:does not support|requires)/,
    compilation('001044', '42P13', ([name]) => `Invalid argument types for function '${name?.toUpperCase()}'`),
  ],
  [
    /Could not choose a best candidate function for the function call "([^("]+)\(([^"]*)\)"/,
    compilation(
      '001044',
      '42P13',
      ([name, types]) => `Invalid argument types for function '${name?.toUpperCase()}': (${toSnowflakeTypes(types)})`,
    ),
  ],
  [
    /column "([^"]*)" must appear in the GROUP BY clause/i,
    compilation('000979', '42601', ([name]) => `[${name?.toUpperCase()}] is not a valid group by expression`),
  ],
  [
    /WHERE clause cannot contain aggregates|GROUP BY clause cannot contain aggregates/,
    compilation('002035', '42601', () => 'Invalid aggregate function in where clause'),
  ],
  [
    /Table with name "?([^ "]+)"? does not exist/,
    ([name = ''], source, cause) => doesNotExist('Object', name.toUpperCase(), tokenOf(name, source), cause),
  ],
  [
    /Set operations can only apply to expressions with the same number/,
    simple('001789', '42601', 'SQL compilation error:\ninvalid number of result columns for set operator input branches'),
  ],
  [/More than one row returned by a subquery/, simple('090150', '22000', 'Single-row subquery returns more than one row.')],
  [
    /NOT NULL constraint failed: (?:[^.]*\.)*([^.\n]+)/,
    ([name = ''], _, cause) =>
      new SnowflakeError('100072', '22000', `NULL result in a non-nullable column ${name}`, undefined, cause),
  ],
  [/Could not convert string ['"](.*)['"] to BOOL/s, notRecognized('100037', '22018', 'Boolean value')],
  [
    /Could not convert string ['"](.*)['"] to (?:U?INT|DECIMAL|DOUBLE|FLOAT|HUGEINT)/s,
    notRecognized('100038', '22018', 'Numeric value'),
  ],
  [/Could not cast string "?(.*?)"? to (?:DECIMAL|DOUBLE)/s, notRecognized('100038', '22018', 'Numeric value')],
  [/(?:invalid date field format|date field value out of range): "([^"]*)"/, notRecognized('100040', '22007', 'Date')],
  [
    /(?:invalid timestamp field format|timestamp field value out of range): "([^"]*)"/,
    notRecognized('100035', '22007', 'Timestamp'),
  ],
  [/Could not parse string "([^"]*)" according to format/, notRecognized('100035', '22007', 'Timestamp')],
  [/(?:time field value out of range|invalid time field format): "([^"]*)"/, notRecognized('100108', '22007', 'Time')],
  [
    /Malformed JSON at byte (\d+)/,
    ([position], _, cause) =>
      new SnowflakeError('100069', '22P02', `Error parsing JSON: unknown keyword, pos ${position}`, undefined, cause),
  ],
  [
    /Could not cast value (\S+) to (DECIMAL\S+)|with value (\S+) can't be cast because the value is out of range|(Overflow in .*)/,
    ([a, type, b, overflow], _, cause) =>
      new SnowflakeError(
        '100046',
        '22003',
        `Number out of representable range: type ${type?.replace('DECIMAL', 'FIXED') ?? 'FIXED(38,0)'}${overflow === undefined ? `, value ${a ?? b}` : ''}`,
        undefined,
        cause,
      ),
  ],
  [
    /Cannot (?:execute|start).*read-only|read-only mode/i,
    simple('003001', '42501', 'SQL access control error:\nInsufficient privileges to operate on a shared database'),
  ],
]

function tokenOf(name: string, { tokens }: ErrorSource): Token | undefined {
  return tokens.find((token) => identifierName(token) === name.toUpperCase())
}

/** What nobody has met before is told by its class alone: DuckDB's words are not Snowflake's. They stay in the cause. */
function ofItsClass(text: string, cause: unknown): SnowflakeError {
  if (/^(?:Parser|Syntax|Binder|Catalog) Error/.test(text))
    return compilationError('The statement cannot be compiled.', undefined, cause)
  if (/^Not implemented Error/i.test(text)) return unsupportedFeature('a combination of types or clauses', undefined, cause)
  if (text.startsWith('Out of Range Error'))
    return new SnowflakeError('100046', '22003', 'Number out of representable range', undefined, cause)
  if (/^(?:Conversion|Invalid Input) Error/.test(text)) {
    const value = /['"]([^'"]*)['"]/.exec(text)?.[1]
    const what = value === undefined ? 'A value' : `Value '${value}'`
    return new SnowflakeError('100038', '22018', `${what} is not recognized`, undefined, cause)
  }
  return new SnowflakeError(
    '000603',
    'XX000',
    'SQL execution internal error:\nProcessing aborted by error 300010.',
    undefined,
    cause,
  )
}

/** DuckDB's names of argument types as Snowflake's: `DECIMAL(10,2), INTEGER_LITERAL` is `NUMBER(10,2), NUMBER(38,0)`. */
function toSnowflakeTypes(types: string | undefined): string {
  return (types ?? '')
    .split(/, (?![^(]*\))/)
    .map((type) =>
      type === '' ? '' : toSnowflakeType(type.replace('INTEGER_LITERAL', 'BIGINT').replace('STRING_LITERAL', 'VARCHAR')),
    )
    .join(', ')
}
