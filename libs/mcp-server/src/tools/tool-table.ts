import { cancelQuery } from './cancel-query.ts'
import { describeSemanticView } from './semantic/describe-semantic-view.ts'
import { listSemanticViews } from './semantic/list-semantic-views.ts'
import { querySemanticView } from './semantic/query-semantic-view.ts'
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
  semantic: [listSemanticViews, describeSemanticView, querySemanticView],
} as const satisfies Record<string, readonly Tool[]>

/** All of them, whether offered or not. */
export const allTools: readonly Tool[] = Object.values<readonly Tool[]>(toolsByGroup).flat()

export type ToolGroup = keyof typeof toolsByGroup

// The keys of the table; Object.keys widens them.
export const toolGroups = Object.keys(toolsByGroup) as [ToolGroup, ...ToolGroup[]]

/** Semantic views need an account that has some; every tool more costs every model's attention. */
export const defaultToolGroups: readonly ToolGroup[] = ['discovery', 'query', 'control']

export function toolsOf(groups: readonly ToolGroup[]): Tool[] {
  return toolGroups.flatMap((group) => (groups.includes(group) ? toolsByGroup[group] : []))
}
