import type { Problem } from '@squall/errors'
import { compileExpression } from './expression.ts'
import { splitTemplate } from './text-template.ts'

/** Every malformed or misplaced `{{ … }}` in a tree. */
export function findTemplateMistakes(value: unknown, where: string): readonly Problem[] {
  if (typeof value === 'string') return textMistakes(value, where)
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => findTemplateMistakes(item, `${where}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  const keys = Object.keys(value).filter((key) => key.includes('{{'))
  return [
    ...keys.map((key) => ({ where, value: key, expected: 'no template in a key: only values are filled in' })),
    ...Object.entries(value).flatMap(([key, item]) => findTemplateMistakes(item, `${where}.${key}`)),
  ]
}

function textMistakes(text: string, where: string): readonly Problem[] {
  const pieces = splitTemplate(text)
  const unclosed = pieces.some(({ source, isExpression }) => !isExpression && source.includes('{{'))
  const problems: Problem[] = unclosed ? [{ where, value: text, expected: '"}}" after every "{{"' }] : []
  for (const { source, isExpression } of pieces) {
    const compiled = isExpression ? compileExpression(source) : { ok: true as const }
    if (!compiled.ok) problems.push({ where, value: `{{ ${source} }}`, expected: compiled.expected })
  }
  return problems
}
