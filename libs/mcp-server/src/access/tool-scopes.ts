import type { Scope } from './principal.ts'

/** Tools, and what clients ask beside them, that show what there is, and no data. Whatever is not named here counts as a query. */
const lookingAround: ReadonlySet<string> = new Set([
  'list_databases',
  'list_schemas',
  'list_tables',
  'list_views',
  'describe_table',
  'describe_view',
  'search_objects',
  'resources/list',
  'resources/read',
  'completion/complete',
])

/** What a caller must be allowed to do to call a tool. */
export function scopeOfTool(name: string): Scope {
  return lookingAround.has(name) ? 'read' : 'query'
}
