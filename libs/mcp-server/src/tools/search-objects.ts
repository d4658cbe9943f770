import { z } from 'zod'
import { searchByLike, searchByRegex } from '../search/search.ts'
import { detailLevels, objectKinds, type FoundObject } from '../search/found-object.ts'
import { nameArgument } from './arguments.ts'
import { explainMissing } from './missing-object.ts'
import { toText } from './object-name.ts'
import { defineTool } from './tool.ts'

const largestLimit = 500
const longestPattern = 200
const limitExpected = `a whole number from 1 to ${largestLimit}`
const matches = ['contains', 'like', 'regex'] as const

export const searchObjects = defineTool({
  name: 'search_objects',
  title: 'Search by name',
  description: 'Finds schemas, tables, views and columns by name, in one database or in all. Case does not count.',
  input: z.strictObject({
    pattern: z
      .string('a pattern as text')
      .max(longestPattern, `a pattern of at most ${longestPattern} characters`)
      .regex(/^[^\p{Cc}]*$/u, 'a pattern without control characters'),
    match: z
      .enum(matches, `one of ${matches.join(', ')}`)
      .default('contains')
      .meta({ description: 'like: % and _' }),
    kinds: z
      .array(z.enum(objectKinds, `some of ${objectKinds.join(', ')}`), `a list of ${objectKinds.join(', ')}`)
      .min(1, `some of ${objectKinds.join(', ')}`)
      .default(['schema', 'table', 'view']),
    database: nameArgument('database').optional(),
    detail: z.enum(detailLevels, `one of ${detailLevels.join(', ')}`).default('names'),
    limit: z.int(limitExpected).min(1, limitExpected).max(largestLimit, limitExpected).default(50),
  }),
  output: z.object({
    found: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        type: z.string().optional(),
        comment: z.string().optional(),
        rows: z.number().optional(),
        createdOn: z.string().optional(),
      }),
    ),
    truncated: z.boolean(),
    notSearched: z.array(z.string()).optional(),
    requestId: z.string(),
  }),
  missingArguments: 'pattern parameter is required',
  failurePrefix: 'Error searching objects',
  async run({ pattern, match, kinds, database, detail, limit }, { withReader, requestId }) {
    const search = match === 'regex' ? searchByRegex : searchByLike
    const like = match === 'contains' ? `%${pattern.replaceAll(/[\\%_]/g, String.raw`\$&`)}%` : pattern
    const wanted = { pattern: match === 'regex' ? pattern : like, kinds: new Set(kinds), database, detail, limit }
    const { objects, truncated, notSearched } = await withReader((reader) =>
      database === undefined ? search(reader, wanted) : explainMissing(reader, { database }, () => search(reader, wanted)),
    )
    const found = objects.map(toOutput)
    const leftOut = notSearched.length === 0 ? {} : { notSearched: [...notSearched] }
    return { text: render(found, truncated, notSearched), structured: { found, truncated, ...leftOut, requestId } }
  },
})

interface Found {
  kind: FoundObject['kind']
  name: string
  type?: string
  comment?: string
  rows?: number
  createdOn?: string
}

function toOutput({ kind, parts, ...details }: FoundObject): Found {
  return { kind, name: toText(...parts), ...details }
}

function render(found: readonly Found[], truncated: boolean, notSearched: readonly string[]): string {
  const lines = found.map(({ kind, name, type, comment, rows, createdOn }) => {
    const facts = [
      type ?? '',
      rows === undefined ? '' : `${rows} rows`,
      createdOn === undefined ? '' : `created ${createdOn}`,
      comment ?? '',
    ].filter((fact) => fact !== '')
    return `${kind} ${name}${facts.length === 0 ? '' : `: ${facts.join(', ')}`}`
  })
  const more = truncated ? ['(There are more: raise limit, or narrow the pattern.)'] : []
  const left = notSearched.length === 0 ? [] : [`(Not searched: ${notSearched.join(', ')}. Name one as database.)`]
  return [...(lines.length === 0 ? ['Nothing found.'] : lines), ...more, ...left].join('\n')
}
