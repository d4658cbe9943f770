import { isObject, type JsonObject } from '../apply-environment.ts'
import type { KeyPath } from '../key-path.ts'
import type { PackCheck } from '../pack-check.ts'

/** What Squall reads of the configuration. */
export const squallKeys: readonly string[] = [
  'target',
  'phases',
  'payload',
  'variables',
  'mcp',
  'squall',
  'tls',
  'http',
  'processor',
]

/** What stock Artillery reads besides. */
const artilleryKeys =
  'environments engine engines plugins ensure apdex defaults ws socketio timeout includeFiles statsInterval bundling'

/** Notes keys of `config` that nobody reads; plugins and engines may have keys of their own name. */
export function checkConfigKeys(config: JsonObject, path: KeyPath, check: PackCheck): void {
  const owned = [config['plugins'], config['engines']].flatMap((owners) => (isObject(owners) ? Object.keys(owners) : []))
  check.keys(config, [...squallKeys, ...artilleryKeys.split(' '), ...owned], path)
}
