import type { Json } from '@squall/load-plan'
import type { TemplateScope } from './template-scope.ts'
import type { Expression } from './expression.ts'
import { compileText, toText } from './text-template.ts'
import { writeJson } from './unwritable-value.ts'

/** A tree of arguments, compiled once to whatever makes its JSON text. */
export interface JsonTemplate {
  /** The JSON text where nothing in it varies: it was serialised once, when it was compiled. */
  readonly fixed?: string
  /** @throws UnwritableValue */
  readonly render: (scope: TemplateScope) => string
}

type Part = string | JsonTemplate['render']

/** Strings anywhere in the tree may hold templates; a string that is one whole template keeps its value's type, null where it has none. */
export function compileJson(value: Json): JsonTemplate {
  const parts = joinFixed(partsOf(value))
  const [only] = parts
  if (parts.length === 1 && typeof only === 'string') return { fixed: only, render: () => only }
  return {
    render: (scope) => {
      let text = ''
      for (const part of parts) text += typeof part === 'string' ? part : part(scope)
      return text
    },
  }
}

function partsOf(value: Json): Part[] {
  if (typeof value === 'string') return stringParts(value)
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  if (isList(value)) return ['[', ...joined(value.map(partsOf)), ']']
  return ['{', ...joined(Object.entries(value).map(memberParts)), '}']
}

const memberParts = ([key, item]: readonly [string, Json]): Part[] => [`${JSON.stringify(key)}:`, ...partsOf(item)]

const joined = (items: readonly Part[][]): Part[] => items.flatMap((parts, index) => (index > 0 ? [',', ...parts] : parts))

// Array.isArray does not narrow a readonly array.
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

function stringParts(text: string): Part[] {
  const { whole, parts } = compileText(text)
  if (whole) return [(scope) => jsonOf(whole(scope), text)]
  return ['"', ...parts.map((part) => (typeof part === 'string' ? escaped(part) : escapedPart(part, text))), '"']
}

const escapedPart =
  (part: Expression, template: string): JsonTemplate['render'] =>
  (scope) => {
    const value = part(scope)
    return isWhole(value) ? String(value) : escaped(toText(value, template))
  }

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const jsonOf = (value: Json | undefined, template: string): string =>
  isWhole(value) ? String(value) : writeJson(value, template)

/** Most values that vary are whole numbers, over which `JSON.stringify` takes several times as long. */
const isWhole = (value: Json | undefined): value is number => Number.isInteger(value)

function joinFixed(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else joined.push(part)
  }
  return joined
}
