import { nearestName } from '@squall/errors'
import { z } from 'zod'
import { shapeNamed, shapeNames } from './shape-table.ts'
import type { Shape } from './shape.ts'

/** A shape as a pack writes it: `steps`, or `{ steps: { count: 4 } }`; a file of the user's own by its path instead of the name. */
export interface WrittenShape {
  /** A name of the table, or a path that ends in `.ts`, `.mts`, `.js` or `.mjs`. */
  readonly name: string
  /** Checked by the shape's own schema; of a file, whatever the pack says. */
  readonly options: unknown
}

const expected = `a shape: one of ${shapeNames.join(', ')}, or a file such as ./my-shape.ts`

export const isShapeFile = (name: string): boolean => /\.m?[tj]s$/.test(name)

/** Reads the key `shape`, its options included. */
export const shapeSection: z.ZodType<WrittenShape> = z.unknown().transform((written, context) => {
  const shape = nameAndOptions(written)
  const refuse = (message: string, hint?: string, path: PropertyKey[] = []): never => {
    context.addIssue({ code: 'custom', message, path, ...(hint !== undefined && { params: { hint } }) })
    return z.NEVER
  }
  if (shape === undefined) return refuse(expected)
  if (isShapeFile(shape.name)) return shape
  const known = shapeNamed(shape.name)
  if (known === undefined) return refuse(expected, hintFor(shape.name))
  const options = known.schema.safeParse(shape.options)
  if (options.success) return { name: shape.name, options: options.data }
  for (const issue of options.error.issues) refuse(...mistakeIn(issue, known, shape.name))
  return z.NEVER
})

function nameAndOptions(written: unknown): WrittenShape | undefined {
  if (typeof written === 'string') return { name: written, options: {} }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return undefined
  const [entry, ...others] = Object.entries(written)
  return entry === undefined || others.length > 0 ? undefined : { name: entry[0], options: entry[1] ?? {} }
}

function hintFor(name: string): string | undefined {
  const nearest = nearestName(name, shapeNames)
  return nearest === undefined ? undefined : `did you mean ${nearest}?`
}

type Mistake = readonly [message: string, hint: string | undefined, path: PropertyKey[]]

function mistakeIn(issue: z.core.$ZodIssue, { schema }: Shape, name: string): Mistake {
  if (issue.code !== 'unrecognized_keys') return [issue.message, undefined, [name, ...issue.path]]
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const [key = ''] = issue.keys
  const nearest = nearestName(key, known)
  return [`one of the options ${known.join(', ')}`, nearest && `did you mean ${nearest}?`, [name, key]]
}
