export { fabricErrors } from './errors.ts'
export type { Fabric, FabricEvent, PreparedRun, RunRequest } from './fabric.ts'
