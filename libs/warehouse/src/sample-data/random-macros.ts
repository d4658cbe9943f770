/**
 * Repeatable randomness for generating tables: each value follows from a stream's name and a row's key through MD5, so it is the same
 * on every machine and with every version of DuckDB.
 */
export const randomMacros: readonly string[] = [
  // A whole number from 0 to n - 1.
  `pick(stream, key, n) AS CAST(md5_number_lower(stream || '/' || key) % n AS BIGINT)`,
  // A whole number between two bounds, both included.
  `between_(stream, key, low, high) AS low + CAST(md5_number_lower(stream || '/' || key) % (high - low + 1) AS BIGINT)`,
  // A digit of a row's number, the unit saying which: many choices among ten for one MD5.
  `digit(stream, key, unit) AS CAST((md5_number_lower(stream || '/' || key) // unit) % 10 AS BIGINT)`,
  // A whole number from 0 to n - 1 out of the digits of a hash above a unit: many choices for one MD5.
  `slice(hash, unit, n) AS CAST((hash // CAST(unit AS UBIGINT)) % n AS BIGINT)`,
  // An item of a list.
  `choose(stream, key, items) AS items[1 + CAST(md5_number_lower(stream || '/' || key) % len(items) AS BIGINT)]`,
]
