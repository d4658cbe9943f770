export { connectSnowflake } from './connect.ts'
export type { Cell, Json } from './cell.ts'
export { snowflakeErrors } from './errors.ts'
export { SnowflakeQueryError, type QueryFailure } from './query-error.ts'
export type { SnowflakeConnection } from './snowflake-connection.ts'
export type {
  KeyPairSignIn,
  PasswordSignIn,
  SignIn,
  SnowflakeAccount,
  SnowflakeOptions,
  TokenSignIn,
} from './snowflake-options.ts'
export type { Bind, Column, Place, SessionContext, Statement, StatementResult } from './statement.ts'
