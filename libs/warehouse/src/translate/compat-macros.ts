/**
 * Snowflake's functions as DuckDB macros. They live in the first schema of every session's search path, so they win over DuckDB's
 * functions of the same name; `system.main."/"` is how a macro reaches the one it hides.
 */
export const compatMacros: readonly string[] = [
  // Division by zero is an error, not infinity.
  `"/"(a, b) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE system.main."/"(a, b) END`,
  `"%"(a, b) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE system.main."%"(a, b) END`,
  `MOD(a, b) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE system.main."%"(a, b) END`,
  `DIV0(a, b) AS CASE WHEN b = 0 THEN 0 ELSE system.main."/"(a, b) END`,
  `DIV0NULL(a, b) AS CASE WHEN coalesce(b, 0) = 0 THEN 0 ELSE system.main."/"(a, b) END`,
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
  `SF_TO_DATE(a DATE) AS a, (a TIMESTAMP) AS CAST(a AS DATE), (a TIMESTAMPTZ) AS CAST(a AS DATE), (a VARCHAR) AS CAST(CAST(a AS TIMESTAMP) AS DATE),
     (a BIGINT) AS CAST(epoch_ms(a * 1000) AS DATE)`,
  `SF_TRY_TO_DATE(a) AS CAST(TRY_CAST(a AS TIMESTAMP) AS DATE)`,
  `SF_TO_TIMESTAMP(a DATE) AS CAST(a AS TIMESTAMP), (a TIMESTAMP) AS a, (a TIMESTAMPTZ) AS CAST(a AS TIMESTAMP), (a TIME) AS CAST(DATE '1970-01-01' + a AS TIMESTAMP),
     (a VARCHAR) AS CAST(a AS TIMESTAMP), (a BIGINT) AS epoch_ms(a * 1000)`,
  `SF_TRY_TO_TIMESTAMP(a) AS TRY_CAST(a AS TIMESTAMP)`,
  `SF_TO_TIMESTAMPTZ(a DATE) AS CAST(a AS TIMESTAMPTZ), (a TIMESTAMP) AS CAST(a AS TIMESTAMPTZ), (a TIMESTAMPTZ) AS a, (a VARCHAR) AS CAST(a AS TIMESTAMPTZ),
     (a BIGINT) AS to_timestamp(a)`,
  `SF_DATE_TRUNC(part, d DATE) AS CAST(date_trunc(part, d) AS DATE), (part, d TIMESTAMP) AS CAST(date_trunc(part, d) AS TIMESTAMP),
     (part, d TIMESTAMPTZ) AS date_trunc(part, d), (part, d VARCHAR) AS date_trunc(part, CAST(d AS TIMESTAMP))`,
  `SF_ADD_DAYS_OR_MORE(d DATE, i) AS CAST(d + i AS DATE), (d TIMESTAMP, i) AS d + i, (d TIMESTAMPTZ, i) AS d + i, (d VARCHAR, i) AS CAST(d AS TIMESTAMP) + i`,
  `MONTHS_BETWEEN(a, b) AS CASE WHEN day(a) = day(b) OR (last_day(a) = a AND last_day(b) = b) THEN date_diff('month', b, a)
     ELSE date_diff('month', b, a) + (day(a) - day(b)) / 31.0 END`,
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
  const define = (part: string, interval: string, ofDate: string): string => {
    const amount = interval.replace('N', part in calendar ? 'CAST(n AS INT)' : 'CAST(n AS BIGINT)')
    return `SF_DATEADD_${part}(n, d DATE) AS CAST(d + ${amount} AS ${ofDate}), (n, d TIMESTAMP) AS d + ${amount},
      (n, d TIMESTAMPTZ) AS d + ${amount}, (n, d TIME) AS d + ${amount}, (n, d VARCHAR) AS CAST(d AS TIMESTAMP) + ${amount}`
  }
  return [
    ...Object.entries(calendar).map(([part, interval]) => define(part, interval, 'DATE')),
    ...Object.entries(clock).map(([part, interval]) => define(part, interval, 'TIMESTAMP')),
  ]
}
