import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { squallErrors } from '../errors.ts'
import { isLoopback } from '../serve/http/loopback.ts'
import { fabricUrlSchema, secretOf } from './fabric-settings.ts'
import type { Settings } from './gather-settings.ts'
import { wholeNumber } from './number-schemas.ts'
import { SettingReader } from './read-setting.ts'

/** The settings of a controller that others give runs to. */
export interface ServeSettings {
  /** The Redis of the agents; absent where this machine makes the load itself. */
  readonly fabric: { readonly url: string; readonly secret: string | undefined } | undefined
  readonly host: string
  readonly port: number
  /** Names of this server beside its addresses. */
  readonly allowHosts: readonly string[]
  /** What callers must show; nothing where absent. */
  readonly token: string | undefined
  readonly allowTargets: readonly string[]
  /** The folder of packs that may be run by name; the shipped ones where absent. */
  readonly packsDirectory: string | undefined
  readonly dataDirectory: string
  readonly atOnce: number
  readonly keep: number
}

const textExpected = 'text that is not empty'
const list = (expected: string) => z.array(z.string(expected).min(1, expected), expected)
const leastTokenLength = 16
const schemas = {
  text: z.string('text').trim().min(1, textExpected),
  port: wholeNumber(0, 65_535),
  count: wholeNumber(1, 1_000),
  hosts: list('names such as squall.example.com'),
  targets: list('hosts such as *.test.example.com or 10.0.0.7:3000'),
  token: z
    .string()
    .regex(/^[!-~]+$/, 'characters of ASCII without spaces')
    .min(leastTokenLength, `at least ${leastTokenLength} characters, such as openssl rand -hex 32 prints`),
}

/**
 * @param environment for what is secret and so never an option: a process list shows those.
 * @throws CodedError SQUALL_BAD_OPTIONS with everything that is wrong, SQUALL_SERVE_OPEN_TO_ALL
 */
export function toServeSettings(settings: Settings, environment: Readonly<Record<string, string | undefined>>): ServeSettings {
  const reader = new SettingReader()
  const url = reader.read(settings.fabric, fabricUrlSchema)
  const token = environment['SQUALL_SERVE_TOKEN']
  const read = {
    fabric: url === undefined ? undefined : { url, secret: secretOf(environment) },
    host: reader.read(settings.host, schemas.text) ?? '127.0.0.1',
    port: reader.read(settings.port, schemas.port) ?? 8089,
    allowHosts: reader.read(settings.allowHost, schemas.hosts) ?? [],
    token: token ? readToken(token, reader) : undefined,
    allowTargets: reader.read(settings.allowTarget, schemas.targets) ?? [],
    packsDirectory: reader.read(settings.packs, schemas.text),
    dataDirectory: reader.read(settings.data, schemas.text) ?? 'squall-runs',
    atOnce: reader.read(settings.atOnce, schemas.count) ?? 1,
    keep: reader.read(settings.keep, schemas.count) ?? 100,
  }
  if (reader.problems.length > 0)
    throw new CodedError(squallErrors.SQUALL_BAD_OPTIONS, {
      message: 'this server cannot be started',
      hint: 'squall serve --help shows every option with its environment variable and its place in squall.config.json.',
      problems: reader.problems,
    })
  if (read.token === undefined && !isLoopback(read.host))
    throw new CodedError(squallErrors.SQUALL_SERVE_OPEN_TO_ALL, {
      message: `${read.host} can be reached from other machines, and SQUALL_SERVE_TOKEN is not set`,
    })
  return read
}

/** What is wrong with it is said without it. */
function readToken(token: string, reader: SettingReader): string | undefined {
  const read = schemas.token.safeParse(token)
  if (read.success) return read.data
  reader.problems.push({ where: 'SQUALL_SERVE_TOKEN', expected: read.error.issues[0]?.message ?? textExpected })
  return undefined
}
