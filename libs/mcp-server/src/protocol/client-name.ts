import { CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server'
import { isObject } from './is-object.ts'

/** The name a client gives itself in a request's own `_meta` (2026-07-28 and later); undefined where it gives none. */
export function clientNameOf(meta: unknown): string | undefined {
  const info = isObject(meta) ? meta[CLIENT_INFO_META_KEY] : undefined
  return isObject(info) && typeof info['name'] === 'string' ? info['name'] : undefined
}
