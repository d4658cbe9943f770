import type { Tool } from '../tools/tool.ts'
import { completeName } from './complete-name.ts'
import { listResources } from './list-resources.ts'
import { readResource } from './read-resource.ts'

/** What clients may ask beside calling tools. They go the way of tools, and their answers are the protocol's results. */
export const operations: readonly Tool[] = [listResources, readResource, completeName]
