/** Where unqualified names are looked up, by the names Snowflake stores. What is absent is not known, and names that need it are denied. */
export interface GatePlace {
  readonly database?: string | null | undefined
  readonly schema?: string | null | undefined
}

/** Where `db..name` leads, and where Snowflake goes on looking for a name that the current schema does not have. */
const publicSchema = 'PUBLIC'

/**
 * All objects a name may stand for: a bare one may be found in the current schema or in PUBLIC (SEARCH_PATH is `$current, $public`).
 * Nothing where it cannot be told. Source: https://docs.snowflake.com/en/sql-reference/name-resolution.
 * @param parts as written; `''` for a part left out between two dots.
 */
export function resolveName(
  parts: readonly string[],
  { database, schema }: GatePlace,
): readonly (readonly string[])[] | undefined {
  const [first = '', second = '', third] = parts
  if (parts.length === 0) return undefined
  if (third !== undefined) return [[first, second === '' ? publicSchema : second, third]]
  if (database === null || database === undefined) return undefined
  if (parts.length === 2) return [[database, first, second]]
  if (schema === null || schema === undefined) return undefined
  return schema === publicSchema
    ? [[database, schema, first]]
    : [
        [database, schema, first],
        [database, publicSchema, first],
      ]
}
