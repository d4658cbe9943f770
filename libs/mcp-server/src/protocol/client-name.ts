import { CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server'
import { z } from 'zod'

const envelopeSchema = z.object({ [CLIENT_INFO_META_KEY]: z.object({ name: z.string() }) })

/** The name a client gives itself in a request's own `_meta` (2026-07-28 and later); undefined where it gives none. */
export function clientNameOf(meta: unknown): string | undefined {
  return envelopeSchema.safeParse(meta).data?.[CLIENT_INFO_META_KEY]?.name
}
