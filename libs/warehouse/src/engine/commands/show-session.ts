import { isKeyword } from '@squall/snowflake-sql'
import { leafToken, NodeCursor } from '../../translate/node-cursor.ts'
import { defaultRole } from '../../access/access.ts'
import { defaultWarehouse } from '../../compute/warehouses.ts'
import type { StatementResult } from '../engine.ts'
import { defaultParameters } from '../session-parameters.ts'
import type { StatementFrame } from '../statement-frame.ts'
import type { TableCell } from '../table-result.ts'
import { pageOf, takeShowRequest } from './show-request.ts'
import { texts, toShowResult } from './show-result.ts'
import { compare } from './show-scope.ts'

export async function showWarehouses(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const sorted = frame.warehouses.all().toSorted((a, b) => compare(a.name, b.name))
  const rows = pageOf(sorted, ({ name }) => name, request).map(({ name, status, running, queued }): TableCell[] => [
    name,
    status,
    'STANDARD',
    'X-Small',
    1,
    1,
    status === 'STARTED' ? 1 : 0,
    running,
    queued,
    name === defaultWarehouse ? 'Y' : 'N',
    name === frame.session.warehouse ? 'Y' : 'N',
    600,
    'true',
    'SYSADMIN',
    '',
  ])
  return toShowResult(
    [
      ...texts('name state type size'),
      ...(['min_cluster_count', 'max_cluster_count', 'started_clusters', 'running', 'queued'] as const).map(
        (name) => [name, 'fixed'] as const,
      ),
      ...texts('is_default is_current'),
      ['auto_suspend', 'fixed'],
      ...texts('auto_resume owner comment'),
    ],
    rows,
  )
}

export async function showRoles(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const { access, session } = frame
  const sorted = access.roles().toSorted((a, b) => compare(a.name, b.name))
  const rows = pageOf(sorted, ({ name }) => name, request).map(({ name, createdOn, comment, includes }): TableCell[] => [
    createdOn,
    name,
    name === defaultRole ? 'Y' : 'N',
    name === session.role ? 'Y' : 'N',
    'N',
    includes.size,
    access.isBuiltIn(name) ? '' : 'USERADMIN',
    comment,
  ])
  return toShowResult(
    [
      ['created_on', 'moment'],
      ...texts('name is_default is_current is_inherited'),
      ['granted_roles', 'fixed'],
      ...texts('owner comment'),
    ],
    rows,
  )
}

export async function showParameters(frame: StatementFrame): Promise<StatementResult> {
  const matches = takeParameterFilter(frame)
  const all = [...frame.session.parameters].toSorted(([a], [b]) => compare(a, b))
  const rows = all
    .filter(([name]) => matches(name))
    .map(([name, value]): TableCell[] => {
      const original = defaultParameters[name]
      return [name, String(value), String(original), value === original ? '' : 'SESSION', '', (typeof value).toUpperCase()]
    })
  return toShowResult(texts('key value default level description type'), rows)
}

/** `LIKE 'p' IN SESSION`; only a session's parameters exist here, so it matters not in what. */
function takeParameterFilter(frame: StatementFrame): (name: string) => boolean {
  const { cursor } = frame
  const place = cursor.nodes.findIndex((node) => isKeyword(leafToken(node), 'IN', 'FOR'))
  const nodes = place < 0 ? cursor.nodes : cursor.nodes.slice(0, place)
  const filter = new NodeCursor(nodes)
  filter.at = cursor.at
  return takeShowRequest({ ...frame, cursor: filter }).matches
}

export async function showVariables(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const all = [...frame.session.variables].toSorted(([a], [b]) => compare(a, b))
  const rows = pageOf(all, ([name]) => name, request).map(([name, { value, type }]): TableCell[] => [
    frame.session.id,
    name,
    value,
    type,
    '',
  ])
  return toShowResult(texts('session_id name value type comment'), rows)
}
