import type { Json } from '@squall/load-plan'
import { compileExpression, type Expression } from './expression.ts'
import type { TemplateScope } from './template-scope.ts'
import { writeJson } from './unwritable-value.ts'

/** Text with `{{ … }}` in it, compiled once. */
export interface TextTemplate {
  /** The text itself where nothing in it varies. */
  readonly fixed?: string
  /** The value of the one expression the text consists of: it keeps its type instead of becoming text. */
  readonly whole?: Expression
  /** What stands as it is, and what varies. */
  readonly parts: readonly TextPart[]
  /** @throws UnwritableValue */
  readonly render: (scope: TemplateScope) => string
}

export type TextPart = string | Expression

/**
 * A variable that does not exist renders as nothing.
 * @throws TypeError on a malformed expression; `findTemplateMistakes` reports those beforehand.
 */
export function compileText(text: string): TextTemplate {
  const parts = splitTemplate(text).map(toPart)
  const [first] = parts
  if (parts.every((part) => typeof part === 'string')) return { fixed: text, parts, render: () => text }
  const render = (scope: TemplateScope): string => {
    let rendered = ''
    for (const part of parts) rendered += typeof part === 'string' ? part : toText(part(scope), text)
    return rendered
  }
  return parts.length === 1 && typeof first === 'function' ? { whole: first, parts, render } : { parts, render }
}

/** The pieces of a text: what stands as it is, and the sources of its expressions. */
export function splitTemplate(text: string): readonly { readonly source: string; readonly isExpression: boolean }[] {
  const pieces = []
  let from = 0
  for (const match of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    if (match.index > from) pieces.push({ source: text.slice(from, match.index), isExpression: false })
    pieces.push({ source: (match[1] ?? '').trim(), isExpression: true })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ source: text.slice(from), isExpression: false })
  return pieces
}

/** What of a text is the same for everybody. */
export const withoutTemplates = (text: string): string =>
  splitTemplate(text)
    .map(({ source, isExpression }) => (isExpression ? '' : source))
    .join('')

function toPart({ source, isExpression }: { readonly source: string; readonly isExpression: boolean }): TextPart {
  if (!isExpression) return source
  const compiled = compileExpression(source)
  if (!compiled.ok) throw new TypeError(`{{ ${source} }}: expected ${compiled.expected}`)
  return compiled.evaluate
}

/**
 * As it stands in a text.
 * @throws UnwritableValue
 */
export function toText(value: Json | undefined, template: string): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : writeJson(value, template)
}
