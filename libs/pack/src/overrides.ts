import type { z } from 'zod'
import { someDuration, text, trueOrFalse } from './fields.ts'
import type { OverrideName, PackOverrides } from './pack.ts'
import type { PackCheck } from './pack-check.ts'
import { pemPath, proxyUrl } from './sections/connection-section.ts'
import { clients, rate, seed, spawnRate } from './sections/squall-section.ts'
import { thresholds } from './sections/thresholds-section.ts'

const schemas = {
  target: text('a URL such as http://127.0.0.1:3000/mcp'),
  clients,
  spawnRate,
  rate,
  duration: someDuration,
  seed,
  thresholds,
  ca: pemPath,
  cert: pemPath,
  key: pemPath,
  passphrase: text('a pass phrase'),
  serverName: text('the name of a host'),
  insecure: trueOrFalse,
  proxy: proxyUrl,
}

/** Values that messages do not repeat. */
const isSecret = (name: OverrideName): boolean => name === 'passphrase' || name === 'proxy'

/** Overrides by name, read; wrong and absent ones are absent. */
export type ReadOverrides = { readonly [K in OverrideName]?: z.output<(typeof schemas)[K]> | undefined }

export function readOverrides(overrides: PackOverrides, check: PackCheck): ReadOverrides {
  const read = (name: OverrideName): unknown => {
    const override = overrides[name]
    return override && check.readFrom<unknown>(schemas[name], override.value, override.where, isSecret(name))
  }
  if (overrides.clients && overrides.rate)
    check.add({
      where: `${overrides.clients.where} and ${overrides.rate.where}`,
      expected: 'only one of them: a number of clients (closed model), or a rate of arrivals (open model)',
    })
  const names = Object.keys(schemas) as OverrideName[]
  return Object.fromEntries(names.map((name) => [name, read(name)]))
}
