import { cancelQuery } from './cancel-query.ts'
import { describeTable } from './describe-table.ts'
import { describeView } from './describe-view.ts'
import { executeQuery } from './execute-query.ts'
import { explainQuery } from './explain-query.ts'
import { listDatabases } from './list-databases.ts'
import { listSchemas } from './list-schemas.ts'
import { listTables } from './list-tables.ts'
import { listViews } from './list-views.ts'
import { queryStatus } from './query-status.ts'
import { queryView } from './query-view.ts'
import { readResult } from './read-result.ts'
import { sampleTable } from './sample-table.ts'
import { searchObjects } from './search-objects.ts'
import type { Tool } from './tool.ts'

/** Every tool of the server by group, in the order `tools/list` shows them. A new tool is a file of its own and a line here. */
const toolsByGroup = {
  discovery: [listDatabases, listSchemas, listTables, listViews, describeTable, describeView, searchObjects],
  query: [queryView, sampleTable, executeQuery, explainQuery, readResult],
  control: [queryStatus, cancelQuery],
} as const satisfies Record<string, readonly Tool[]>

export type ToolGroup = keyof typeof toolsByGroup

// The keys of the table; Object.keys widens them.
export const toolGroups = Object.keys(toolsByGroup) as [ToolGroup, ...ToolGroup[]]

export function toolsOf(groups: readonly ToolGroup[]): Tool[] {
  return toolGroups.flatMap((group) => (groups.includes(group) ? toolsByGroup[group] : []))
}
