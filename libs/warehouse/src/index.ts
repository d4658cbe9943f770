export type {
  Bind,
  EngineSession,
  ExecuteOptions,
  ParameterValue,
  ResultColumn,
  SessionContext,
  SessionInit,
  StatementResult,
  WarehouseEngine,
  WireRow,
} from './engine/engine.ts'
export { SnowflakeError, type SnowflakeErrorPlace } from './engine/snowflake-error.ts'
