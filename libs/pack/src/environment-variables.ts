import type { Json } from '@squall/load-plan'
import type { KeyPath } from './key-path.ts'
import type { PackCheck } from './pack-check.ts'

type Variables = Readonly<Record<string, string | undefined>>

const template = /\{\{\s*\$(?:env|processEnvironment)\.([A-Za-z_]\w*)\s*\}\}/g

/**
 * Puts environment variables in the place of `{{ $env.NAME }}`, as Artillery does, and of its older `{{ $processEnvironment.NAME }}`.
 * A variable that is not set is a problem. Other templates are left for the virtual clients.
 */
export function resolveVariables(value: Json, variables: Variables, check: PackCheck, path: KeyPath): Json {
  if (typeof value === 'string') return resolveText(value, variables, check, path)
  if (Array.isArray(value)) return value.map((item: Json, index) => resolveVariables(item, variables, check, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolveVariables(member, variables, check, [...path, key])]),
  )
}

function resolveText(text: string, variables: Variables, check: PackCheck, path: KeyPath): string {
  return text.replaceAll(template, (written: string, name: string) => {
    const value = variables[name]
    if (value === undefined) check.at(path, { value: written, expected: `the environment variable ${name} to be set` })
    return value ?? written
  })
}
