import type { ArrivalPhase } from '@squall/load-plan'
import { z } from 'zod'
import { clientCount, oneOf, perSecondOrNone, someDuration, text, wholeNumber } from '../fields.ts'

const rate = perSecondOrNone('arrivals per second')
type Spacing = ArrivalPhase['spacing']

const phase = z
  .strictObject(
    {
      name: text('a name').optional(),
      duration: someDuration.optional(),
      arrivalRate: rate.optional(),
      rampTo: rate.optional(),
      arrivalCount: wholeNumber(0).optional(),
      pause: someDuration.optional(),
      maxVusers: clientCount().optional(),
      mode: oneOf(['uniform', 'poisson']).optional(),
    },
    'a phase such as { duration: 60, arrivalRate: 10 }',
  )
  .superRefine((phase, context) => {
    const expected = findMistake(phase)
    if (expected !== undefined) context.addIssue({ code: 'custom', message: expected })
  })

type Phase = z.output<typeof phase>

/** `config.phases`, as stock Artillery writes them. */
export const phasesSection = z
  .array(phase, 'a list of phases such as { duration: 60, arrivalRate: 10 }')
  .min(1, 'at least one phase')

export type PhasesSection = z.output<typeof phasesSection>

function findMistake({ duration, arrivalRate, rampTo, arrivalCount, pause }: Phase): string | undefined {
  const hasRate = arrivalRate !== undefined || rampTo !== undefined
  if (pause !== undefined)
    return hasRate || arrivalCount !== undefined || duration !== undefined ? 'pause alone in its phase' : undefined
  if (arrivalCount !== undefined && hasRate) return 'arrivalCount, or arrivalRate with an optional rampTo, not both'
  if (arrivalCount === undefined && !hasRate) return 'one of arrivalRate, arrivalCount and pause'
  return duration === undefined ? 'a duration' : undefined
}

/** The phases as a plan has them; a pause is a phase without arrivals. */
export function toArrivalPhases(phases: PhasesSection, spacing: Spacing): ArrivalPhase[] {
  return phases.map((phase, index) => {
    const durationMs = phase.pause ?? phase.duration ?? 0
    const rateStart = phase.arrivalCount === undefined ? (phase.arrivalRate ?? 0) : (phase.arrivalCount * 1000) / durationMs
    return {
      name: phase.name ?? `phase ${index + 1}`,
      durationMs,
      rateStart,
      rateEnd: phase.rampTo ?? rateStart,
      spacing: phase.mode === 'poisson' ? 'poisson' : spacing,
    }
  })
}
