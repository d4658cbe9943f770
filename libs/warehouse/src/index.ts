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
export type { WarehouseSettings } from './compute/warehouse.ts'
export { findFaultProblems } from './faults/faults.ts'
export { createWarehouseServer, type WarehouseServer, type WarehouseServerOptions } from './server.ts'
export { defaultLimits, type WireLimits } from './wire/limits.ts'
export { isLoopback } from './wire/loopback.ts'
export { parsePublicKey, type UserToken, type WarehouseUser } from './wire/sign-in/users.ts'
export { createWarehouseEngine, type WarehouseEngineOptions } from './engine/create-warehouse-engine.ts'
export { warehouseErrors } from './errors.ts'
