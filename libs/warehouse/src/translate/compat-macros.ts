import { systemDatabase } from '../catalog/system-database.ts'
import { zonedFields } from './zoned-timestamp.ts'

/** A cast that cannot be done, whose message says why. */
const byZero = "CAST('Division by zero' AS TINYINT)"

/**
 * A NULL of the type that numbers computed from these have: with six decimals where all of them are exact, floating point otherwise.
 * The products are never computed; they only lend their type, since a whole number of 38 digits alone would leave no room for decimals.
 */
const exactUnlessFloat = (...operands: readonly string[]): string =>
  `CASE ${operands.map((operand) => `WHEN false THEN ${operand} * CAST(1 AS DECIMAL(7,6))`).join(' ')} ELSE CAST(NULL AS DECIMAL(38,6)) END`

const quotient = `cast_to_type(system.main."/"(a, b), ${exactUnlessFloat('a', 'b')})`

const isExactNumber = "(typeof(a) LIKE '%INT' OR typeof(a) = 'INTEGER' OR typeof(a) LIKE 'DECIMAL%')"

/** `+02:00`, `-0700` or `+02` behind a time of day. */
const offsetPattern = "':.*([+-])(\\d{2}):?(\\d{2})?$'"
const offsetPart = (group: number): string => `regexp_extract(CAST(a AS VARCHAR), ${offsetPattern}, ${group})`

/** Digits alone count seconds, or smaller units where they are too many for seconds, as in Snowflake. */
const fromDigits = (text: string): string => {
  const count = `CAST(${text} AS HUGEINT)`
  return `make_timestamp(CAST(CASE WHEN abs(${count}) < 31536000000 THEN ${count} * 1000000 WHEN abs(${count}) < 31536000000000 THEN ${count} * 1000
     WHEN abs(${count}) < 31536000000000000 THEN ${count} ELSE ${count} // 1000 END AS BIGINT))`
}

/**
 * Snowflake's functions as DuckDB macros. They live in the first schema of every session's search path, so they win over DuckDB's
 * functions of the same name; `system.main."/"` is how a macro reaches the one it hides.
 */
export const compatMacros: readonly string[] = [
  // Division by zero is an error, not infinity. `error()` would have side effects, after which DuckDB lets nobody reuse a column's alias.
  `"/"(a, b) AS CASE WHEN b = 0 THEN ${byZero} ELSE ${quotient} END`,
  `DIV0(a, b) AS CASE WHEN b = 0 THEN 0 ELSE ${quotient} END`,
  `DIV0NULL(a, b) AS CASE WHEN coalesce(b, 0) = 0 THEN 0 ELSE ${quotient} END`,
  `"%"(a, b) AS CASE WHEN b = 0 THEN ${byZero} ELSE system.main."%"(a, b) END`,
  `MOD(a, b) AS CASE WHEN b = 0 THEN ${byZero} ELSE system.main."%"(a, b) END`,
  `IFF(a, b, c) AS CASE WHEN a THEN b ELSE c END`,
  `NVL(a, b) AS coalesce(a, b)`,
  `IFNULL(a, b) AS coalesce(a, b)`,
  `NVL2(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END`,
  `ZEROIFNULL(a) AS coalesce(a, 0)`,
  `NULLIFZERO(a) AS nullif(a, 0)`,
  `EQUAL_NULL(a, b) AS a IS NOT DISTINCT FROM b`,
  `BOOLAND(a, b) AS (a <> 0 AND b <> 0)`,
  `BOOLOR(a, b) AS (a <> 0 OR b <> 0)`,
  `BOOLNOT(a) AS NOT (a <> 0)`,
  `SQUARE(a) AS a * a`,
  `LEN(a) AS length(a)`,
  `SPACE(n) AS repeat(' ', CAST(n AS BIGINT))`,
  `INITCAP(a) AS array_to_string(list_transform(regexp_extract_all(lower(a), '[a-z0-9]+|[^a-z0-9]+'), lambda w: upper(w[1]) || w[2:]), '')`,
  `SF_AVG(a) AS cast_to_type(avg(a), ${exactUnlessFloat('any_value(a)')})`,
  `SF_FIND_FROM(text, what, start) AS
     CASE WHEN instr(substr(text, CAST(start AS BIGINT)), what) = 0 THEN 0 ELSE instr(substr(text, CAST(start AS BIGINT)), what) + start - 1 END`,
  `SF_SHA2(a) AS sha256(a), (a, bits) AS CASE WHEN bits IN (0, 256) THEN sha256(a) ELSE error('SHA2 of other than 256 bits is not supported') END`,
  // Every branch must bind whatever the type of the argument is, so each goes by way of text.
  `SF_TO_VARCHAR(a) AS CASE typeof(a) WHEN 'JSON' THEN json_extract_string(CAST(a AS VARCHAR), '$')
     WHEN 'TIMESTAMP' THEN strftime(CAST(CAST(a AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
     WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(CAST(CAST(a AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g %z')
     ELSE CAST(a AS VARCHAR) END`,
  `SF_GET(a, k) AS json_extract(CAST(a AS JSON), CASE WHEN TRY_CAST(k AS BIGINT) IS NULL THEN '$."' || k || '"' ELSE '$[' || k || ']' END)`,
  `SF_TO_ARRAY(a) AS CASE WHEN json_type(a) = 'ARRAY' THEN a ELSE json_array(a) END`,
  `SF_TYPEOF(a) AS CASE json_type(a) WHEN 'VARCHAR' THEN 'VARCHAR' WHEN 'OBJECT' THEN 'OBJECT' WHEN 'ARRAY' THEN 'ARRAY'
     WHEN 'BOOLEAN' THEN 'BOOLEAN' WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'DOUBLE' THEN 'DECIMAL' ELSE CASE WHEN a IS NULL THEN NULL ELSE 'INTEGER' END END`,
  // No overloads by type: DuckDB does not know the type of an aggregate when it chooses among them. The dead branches of a CASE are
  // never run, so a cast that cannot be done does no harm there.
  `SF_TO_TIMESTAMP(a) AS CASE WHEN ${isExactNumber} THEN make_timestamp(CAST(CAST(CAST(a AS VARCHAR) AS DECIMAL(38,6)) * 1000000 AS BIGINT))
     WHEN typeof(a) = 'TIME' THEN DATE '1970-01-01' + CAST(CAST(a AS VARCHAR) AS TIME)
     WHEN typeof(a) = 'VARCHAR' AND regexp_full_match(CAST(a AS VARCHAR), '-?[0-9]+') THEN ${fromDigits('CAST(a AS VARCHAR)')}
     ELSE CAST(a AS TIMESTAMP) END`,
  // With a scale the number counts units of 10^-scale seconds.
  `SF_FROM_UNITS(a, scale) AS make_timestamp(CAST(CASE WHEN scale <= 6 THEN CAST(a AS HUGEINT) * CAST(power(10, 6 - scale) AS HUGEINT)
     ELSE CAST(a AS HUGEINT) // CAST(power(10, scale - 6) AS HUGEINT) END AS BIGINT))`,
  `SF_TO_DATE(a) AS CAST("${systemDatabase}".main.SF_TO_TIMESTAMP(a) AS DATE)`,
  `SF_TRY_TO_DATE(a) AS CAST(TRY_CAST(a AS TIMESTAMP) AS DATE)`,
  `SF_TRY_TO_TIMESTAMP(a) AS TRY_CAST(a AS TIMESTAMP)`,
  `SF_TO_TIMESTAMPTZ(a) AS CASE WHEN ${isExactNumber} THEN to_timestamp(CAST(CAST(a AS VARCHAR) AS BIGINT))
     WHEN typeof(a) = 'VARCHAR' THEN CAST(regexp_replace(CAST(a AS VARCHAR), ' +([+-][0-9:]+)$', '\\1') AS TIMESTAMPTZ) ELSE CAST(a AS TIMESTAMPTZ) END`,
  `SF_ZONED_AT(instant, minutes) AS CASE WHEN instant IS NULL THEN NULL ELSE struct_pack(${zonedFields.instant} := instant, ${zonedFields.offset} := CAST(minutes AS SMALLINT)) END`,
  // A text may name its offset; anything else has that of the session's zone at that instant.
  `SF_ZONED(a) AS "${systemDatabase}".main.SF_ZONED_AT("${systemDatabase}".main.SF_TO_TIMESTAMPTZ(a),
     CASE WHEN typeof(a) = 'VARCHAR' AND regexp_matches(CAST(a AS VARCHAR), ':.*Z$') THEN 0
       WHEN typeof(a) = 'VARCHAR' AND regexp_matches(CAST(a AS VARCHAR), ${offsetPattern}) THEN
         (CASE WHEN ${offsetPart(1)} = '-' THEN -1 ELSE 1 END) * (CAST(${offsetPart(2)} AS INT) * 60 + coalesce(TRY_CAST(${offsetPart(3)} AS INT), 0))
       ELSE date_part('timezone', "${systemDatabase}".main.SF_TO_TIMESTAMPTZ(a)) // 60 END)`,
  `SF_DATE_TRUNC(part, d) AS cast_to_type(date_trunc(part, CAST(d AS TIMESTAMP)), d)`,
  `SF_ADD_DAYS_OR_MORE(d, i) AS cast_to_type(CAST(d AS TIMESTAMP) + i, d)`,
  `MONTHS_BETWEEN(a, b) AS CASE WHEN day(a) = day(b) OR (last_day(a) = a AND last_day(b) = b) THEN date_diff('month', b, a)
     ELSE date_diff('month', b, a) + (day(a) - day(b)) / 31.0 END`,
  `BOOLXOR(a, b) AS ((a <> 0) <> (b <> 0))`,
  `BITNOT(a) AS -CAST(a AS BIGINT) - 1`,
  `SF_STRTOK(text, delimiters, n) AS list_filter(regexp_split_to_array(text, '[' || regexp_escape(delimiters) || ']'), lambda piece: piece <> '')[n]`,
  `SF_TOKENS(text, delimiters) AS to_json(list_filter(regexp_split_to_array(text, '[' || regexp_escape(delimiters) || ']'), lambda piece: piece <> ''))`,
  `SF_NEXT_DAY(d, n) AS CAST(CAST(d AS DATE) + CAST(((n - isodow(CAST(d AS DATE)) + 6) % 7) + 1 AS INT) AS DATE)`,
  `SF_PREVIOUS_DAY(d, n) AS CAST(CAST(d AS DATE) - CAST(((isodow(CAST(d AS DATE)) - n + 6) % 7) + 1 AS INT) AS DATE)`,
  `WIDTH_BUCKET(v, low, high, buckets) AS CAST(CASE WHEN v < low THEN 0 WHEN v >= high THEN buckets + 1
     ELSE floor(CAST(v - low AS DOUBLE) * buckets / CAST(high - low AS DOUBLE)) + 1 END AS BIGINT)`,
  `HAVERSINE(a, b, c, d) AS 2 * 6371 * asin(sqrt(power(sin(radians(c - a) / 2), 2) + cos(radians(a)) * cos(radians(c)) * power(sin(radians(d - b) / 2), 2)))`,
  `SF_ELEMENTS(a) AS json_extract(a, '$[*]')`,
  ...dateAddMacros(),
]

/** One macro for each date part; whole days added to a DATE give a DATE, anything smaller a timestamp. */
function dateAddMacros(): readonly string[] {
  const calendar = {
    YEAR: 'to_years(N)',
    QUARTER: 'to_months(3 * N)',
    MONTH: 'to_months(N)',
    WEEK: 'to_days(7 * N)',
    DAY: 'to_days(N)',
  }
  const clock = {
    HOUR: 'to_hours(N)',
    MINUTE: 'to_minutes(N)',
    SECOND: 'to_seconds(N)',
    MILLISECOND: 'to_milliseconds(N)',
    MICROSECOND: 'to_microseconds(N)',
    NANOSECOND: 'to_microseconds(CAST(N / 1000 AS BIGINT))',
  }
  const define = (part: string, interval: string, type: string): string => {
    const amount = interval.replace('N', part in calendar ? 'CAST(n AS INT)' : 'CAST(n AS BIGINT)')
    return `SF_DATEADD_${part}(n, d) AS cast_to_type(CAST(d AS TIMESTAMP) + ${amount}, ${type})`
  }
  return [
    ...Object.entries(calendar).map(([part, interval]) => define(part, interval, 'd')),
    ...Object.entries(clock).map(([part, interval]) =>
      define(part, interval, 'CASE WHEN false THEN d ELSE CAST(NULL AS TIMESTAMP) END'),
    ),
  ]
}
