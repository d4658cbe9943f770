/** A statement and the rows Snowflake answers with, in the wire's text. */
export type StatementCase = readonly [sql: string, ...rows: readonly (readonly (string | null)[])[]]

/** A date as the wire writes it: days since 1970. */
export const wireDate = (text: string): string => String(Date.parse(`${text}T00:00:00Z`) / 86_400_000)

/** A timestamp as the wire writes it: seconds since 1970, with nine digits behind the point. */
export const wireTimestamp = (text: string): string => `${Date.parse(`${text}Z`) / 1000}.000000000`
