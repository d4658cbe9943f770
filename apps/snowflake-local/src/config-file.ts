import { readFileSync } from 'node:fs'
import type { Problem } from '@squall/errors'
import { z } from 'zod'

const text = z.union([z.string(), z.number()]).transform(String).optional()

const schema = z.strictObject({
  port: text,
  host: z.string().optional(),
  data: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  publicKey: z.string().optional(),
  accessToken: z.string().optional(),
  oauthToken: z.string().optional(),
  slots: text,
  resumeDelay: text,
  latency: text,
  faults: z
    .record(z.string(), z.unknown())
    .transform((faults) => JSON.stringify(faults))
    .optional(),
  chunkRows: text,
})

export type ConfigFile = z.infer<typeof schema>

/** Reads a configuration file; what is wrong with it joins the other problems. */
export function readConfigFile(file: string, problems: Problem[]): ConfigFile {
  const content = readJson(file)
  if (content instanceof Error) {
    problems.push({ where: file, expected: 'a file that can be read, holding JSON', hint: content.message })
    return {}
  }
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.flatMap((issue) => toProblems(file, issue)))
  return {}
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return error
  }
}

function toProblems(file: string, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ where: `${file} ${key}`, expected: `one of ${Object.keys(schema.shape).join(', ')}` }))
  return [{ where: `${file} ${issue.path.join('.')}`.trimEnd(), expected: issue.message }]
}
