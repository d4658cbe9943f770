/** Snowflake's spellings of each date and time part, by the name DuckDB knows it under. */
const spellings: Readonly<Record<string, string>> = {
  year: 'YEAR Y YY YYY YYYY YR YEARS YRS',
  quarter: 'QUARTER Q QTR QTRS QUARTERS',
  month: 'MONTH MM MON MONS MONTHS',
  week: 'WEEK W WK WEEKS WEEKOFYEAR WOY WY',
  isoweek: 'WEEKISO WEEK_ISO WEEKOFYEARISO WEEKOFYEAR_ISO',
  day: 'DAY D DD DAYS DAYOFMONTH',
  dow: 'DAYOFWEEK WEEKDAY DOW DW',
  isodow: 'DAYOFWEEKISO WEEKDAY_ISO DOW_ISO DW_ISO DAYOFWEEK_ISO',
  doy: 'DAYOFYEAR YEARDAY DOY DY',
  hour: 'HOUR H HH HR HOURS HRS',
  minute: 'MINUTE M MI MIN MINUTES MINS',
  second: 'SECOND S SEC SECONDS SECS',
  millisecond: 'MILLISECOND MS MSEC MILLISECONDS',
  microsecond: 'MICROSECOND US USEC MICROSECONDS',
  nanosecond: 'NANOSECOND NS NSEC NANOSEC NSECOND NANOSECONDS NANOSECS NSECONDS',
  isoyear: 'YEAROFWEEK YEAROFWEEKISO',
  epoch: 'EPOCH_SECOND EPOCH EPOCH_SECONDS',
  epoch_ms: 'EPOCH_MILLISECOND EPOCH_MILLISECONDS',
  epoch_us: 'EPOCH_MICROSECOND EPOCH_MICROSECONDS',
  epoch_ns: 'EPOCH_NANOSECOND EPOCH_NANOSECONDS',
}

const byspelling = new Map(Object.entries(spellings).flatMap(([part, names]) => names.split(' ').map((name) => [name, part])))

/** DuckDB's name for a date or time part written in any of Snowflake's ways; nothing for another word. */
export function normalizeDatePart(text: string): string | undefined {
  return byspelling.get(text.toUpperCase())
}
