import { describeView } from './describe-view.ts'
import { executeQuery } from './execute-query.ts'
import { listDatabases } from './list-databases.ts'
import { listViews } from './list-views.ts'
import { queryView } from './query-view.ts'
import type { Tool } from './tool.ts'

/** Every tool of the server, in the order `tools/list` shows them. A new tool is a file of its own and a line here. */
export const tools: readonly Tool[] = [listDatabases, listViews, describeView, queryView, executeQuery]
