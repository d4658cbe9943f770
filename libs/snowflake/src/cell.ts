/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * One value of a result: what JSON can say, exactly what Snowflake holds.
 * A NUMBER a double cannot hold exactly is text; dates, times and timestamps are ISO 8601 text; BINARY is upper-case hex.
 */
export type Cell = Json
