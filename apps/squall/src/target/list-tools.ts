import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { squallErrors } from '../errors.ts'
import type { TargetSession } from './target-session.ts'

const schema = z.record(z.string(), z.unknown())

const tool = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  inputSchema: schema,
  annotations: z
    .object({
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
      idempotentHint: z.boolean().optional(),
    })
    .optional(),
})

/** A tool as its server describes it. */
export type TargetTool = z.output<typeof tool>

const page = z.object({ tools: z.array(tool), nextCursor: z.string().optional() })

// A server that always names a next page must not hold anybody up.
const mostPages = 100

/**
 * All tools of a server, page by page.
 * @throws CodedError SQUALL_TARGET_SAYS_NO where it does not answer, or not with tools.
 */
export async function listTools(session: TargetSession): Promise<readonly TargetTool[]> {
  const tools: TargetTool[] = []
  let cursor: string | undefined
  for (let count = 0; count < mostPages; count++) {
    const answer = page.safeParse(await session.call('tools/list', cursor === undefined ? {} : { cursor }))
    if (!answer.success) throw notTools(answer.error)
    tools.push(...answer.data.tools)
    cursor = answer.data.nextCursor
    if (cursor === undefined) break
  }
  return tools
}

function notTools({ issues }: z.ZodError): CodedError {
  return new CodedError(squallErrors.SQUALL_TARGET_SAYS_NO, {
    message: 'the server answers tools/list with something that is no list of tools',
    problems: issues.slice(0, 10).map(({ path, message }) => ({ where: `result.${path.join('.')}`, expected: message })),
  })
}
