import type { McpRequest } from '@squall/mcp-wire'
import { drawMs } from './duration.ts'
import type { CallSite } from './steps/step-type.ts'
import type { TemplateScope } from './templates/template-scope.ts'

/** What a step sends this time. */
export function renderRequest(site: CallSite, scope: TemplateScope): McpRequest {
  const { method, name, nameKey, params, wantsProgress, cancelAfter } = site
  const rendered = name?.fixed ?? name?.render(scope)
  const further = params.render(scope)
  const paramsJson = nameKey === undefined ? further : withMember(nameKey, rendered ?? '', further)
  // Written out, since most calls that vary are of this form.
  if (rendered !== undefined && wantsProgress !== true && !cancelAfter) return { method, name: rendered, paramsJson }
  return {
    method,
    paramsJson,
    ...(rendered !== undefined && { name: rendered }),
    ...(wantsProgress === true && { wantsProgress }),
    ...(cancelAfter && { cancelAfterMs: drawMs(cancelAfter, scope.random) }),
  }
}

/** @param json of an object without that key. */
function withMember(key: string, value: string, json: string): string {
  const member = `{${JSON.stringify(key)}:${JSON.stringify(value)}`
  return json === '{}' ? `${member}}` : `${member},${json.slice(1)}`
}
