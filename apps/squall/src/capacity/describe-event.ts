import type { LevelEvent } from '@squall/controller'
import type { LoadPlan } from '@squall/load-plan'

/** A level of the search in one line. */
export function describeEvent(event: LevelEvent, model: LoadPlan['model']['type']): string {
  const unit = model === 'closed' ? 'clients' : 'arrivals/s'
  if (event.type === 'started') return `${event.move === 'confirm' ? 'confirming' : 'trying'} ${event.load} ${unit}`
  const { load, strain, numbers, wasCut, isSteady, generatorTrouble } = event.level
  const { totals, measuredSeconds } = numbers
  const rate = measuredSeconds === 0 ? 0 : totals.calls / measuredSeconds
  const share = Number.isFinite(strain) ? `at ${Math.round(strain * 100)} % of what the SLO allows` : 'no call was answered'
  return [
    `${load} ${unit}: the SLO is ${strain <= 1 ? 'kept' : 'broken'}, ${share}, ${rate.toFixed(1)} calls/s`,
    ...(wasCut ? ['given up early'] : []),
    ...(isSteady ? [] : ['not level']),
    ...generatorTrouble,
  ].join('; ')
}
