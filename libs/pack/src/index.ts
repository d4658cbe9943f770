export { packErrors } from './errors.ts'
export type { LoadedPack, Override, OverrideName, PackOverrides, PackRequest } from './pack.ts'
