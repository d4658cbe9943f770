import { nearestName } from '@squall/errors'
import { clientKindNames, transportNames } from '@squall/virtual-client'
import { z } from 'zod'
import { oneOf, someDuration } from '../fields.ts'
import { answersSection } from './answers-section.ts'
import { authSection } from './auth-section.ts'
import { headersSection } from './headers-section.ts'
import { lifeCycleSection } from './life-cycle-section.ts'

const protocolVersions = ['auto', '2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const

const clientSettings = {
  transport: oneOf(transportNames).optional(),
  protocolVersion: oneOf(protocolVersions).optional(),
  clientKind: clientKind().optional(),
  lifeCycle: lifeCycleSection.optional(),
  answers: answersSection.optional(),
  auth: authSection.optional(),
  headers: headersSection.optional(),
}

/** `mcp` of a scenario. */
export const scenarioMcpSection = z.strictObject(clientSettings, 'a mapping of settings such as clientKind and headers')

/** `config.mcp`: what holds for every scenario unless it says otherwise. */
export const mcpSection = z.strictObject(
  { ...clientSettings, timeout: someDuration.optional() },
  'a mapping of settings such as transport, clientKind and headers',
)

export type McpSection = z.output<typeof mcpSection>
export type ScenarioMcpSection = z.output<typeof scenarioMcpSection>

function clientKind(): z.ZodType<string> {
  const expected = `one of the client kinds ${clientKindNames.join(', ')}`
  return z.string(expected).superRefine((name, context) => {
    if (clientKindNames.includes(name)) return
    const nearest = nearestName(name, clientKindNames)
    context.addIssue({ code: 'custom', message: expected, ...(nearest && { params: { hint: `did you mean ${nearest}?` } }) })
  })
}
