export { fabricErrors } from './errors.ts'
export type { Fabric, FabricEvent, PreparedRun, RunRequest } from './fabric.ts'
export { runGenerator, type GeneratorOptions, type PreparedShare } from './generator.ts'
export { createLocalFabric, type LocalFabricOptions } from './local/local-fabric.ts'
