import { CodedError, nearestName } from '@squall/errors'
import type { PackOverrides } from '@squall/pack'
import { transportNames } from '@squall/virtual-client'
import { z } from 'zod'
import { squallErrors } from '../errors.ts'
import type { Settings } from './gather-settings.ts'
import { packOverridesOf } from './pack-overrides.ts'
import { SettingReader } from './read-setting.ts'
import { connectionOptions } from './run-options.ts'
import { switchSchema, textSchema } from './text-schemas.ts'

export interface InitSettings {
  readonly target: string
  readonly transport: string
  /** As written: values may be templates such as `{{ $env.TOKEN }}`. */
  readonly headers: Readonly<Record<string, string>>
  readonly outDirectory: string | undefined
  readonly isForced: boolean
  /** Whether each reading tool is called once. */
  readonly triesTools: boolean
  /** What the pack is read with while it is written: the target, and how it is reached. */
  readonly overrides: PackOverrides
}

const header = z.string('text such as "name: value"').regex(/^[^\s:]+:\s*\S/, 'text such as "name: value"')

const schemas = {
  headers: z.array(header, 'a list of texts such as "name: value"'),
  transport: z.enum(transportNames, `one of ${transportNames.join(', ')}`),
}

/** @throws CodedError SQUALL_BAD_OPTIONS with all wrong settings at once. */
export function toInitSettings(settings: Settings): InitSettings {
  const reader = new SettingReader()
  const target = reader.read(settings.target, textSchema)
  const transport = reader.read(settings.transport, schemas.transport)
  const headers = reader.read(settings.headers, schemas.headers) ?? []
  const outDirectory = reader.read(settings.out, textSchema)
  const isForced = reader.read(settings.force, switchSchema) ?? false
  const isUntried = reader.read(settings.untried, switchSchema) ?? false
  if (settings.target === undefined)
    reader.problems.push({ where: '--target', expected: 'a URL, or a command line that starts a server' })
  if (target === undefined || reader.problems.length > 0) throw refusal(reader, settings)
  return {
    target,
    transport: transport ?? transportOf(target),
    headers: Object.fromEntries(headers.map(splitHeader)),
    outDirectory,
    isForced,
    triesTools: !isUntried,
    overrides: packOverridesOf(settings, ['target', ...connectionOptions.map(({ key }) => key)]),
  }
}

function refusal({ problems }: SettingReader, { transport }: Settings): CodedError {
  const nearest = typeof transport?.value === 'string' ? nearestName(transport.value, transportNames) : undefined
  return new CodedError(squallErrors.SQUALL_BAD_OPTIONS, {
    message: 'no pack can be written',
    problems: problems.map((problem) =>
      problem.where === transport?.where && nearest !== undefined ? { ...problem, hint: `did you mean ${nearest}?` } : problem,
    ),
    hint: 'squall init --help shows every option with its environment variable and its place in squall.config.json.',
  })
}

function splitHeader(text: string): readonly [string, string] {
  const at = text.indexOf(':')
  return [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()]
}

/** What is no URL is a command line. */
function transportOf(target: string): string {
  const protocol = URL.parse(target)?.protocol ?? ''
  if (/^wss?:$/.test(protocol)) return 'websocket'
  return /^https?:$/.test(protocol) ? 'streamable-http' : 'stdio'
}
