import { readFileSync } from 'node:fs'
import type { Problem } from '@squall/errors'
import { z } from 'zod'

const fileSchema = z.strictObject(
  {
    principals: z.record(
      z.string(),
      z.strictObject(
        { connection: z.string('the name of a connection in connections.toml').min(1, 'the name of a connection') },
        'an object with `connection`',
      ),
      'an object of principals',
    ),
    others: z.enum(['server', 'refuse'], '`server` or `refuse`').default('server'),
  },
  'an object with `principals`',
)

export type Principals = z.output<typeof fileSchema>

const none: Principals = { principals: {}, others: 'refuse' }

/** Reads which caller signs in with which connection; all that is wrong becomes problems. */
export function readPrincipalsFile(path: string, where: string, problems: Problem[]): Principals {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const parsed = fileSchema.safeParse(json)
    if (parsed.success) return parsed.data
    for (const { path: at, code, message } of parsed.error.issues)
      problems.push({
        where: at.length === 0 ? path : `${at.join('.')} in ${path}`,
        expected: code === 'unrecognized_keys' ? 'no other keys than principals, others, connection' : message,
      })
  } catch (error) {
    problems.push({ where, value: path, expected: 'a JSON file that can be read', hint: (error as Error).message })
  }
  return none
}
