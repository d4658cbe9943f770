// What many machines cost whoever drives them: a controller of a thousand simulated agents, killed and resumed in the middle.
import { parseArgs } from 'node:util'
import { renderJudgements } from './comparison.ts'
import { fleetFigures, toFleetFigures } from './fleet-figures.ts'
import { judge, type Goal } from './goals.ts'
import { loadAverage, renderNumber, renderTable } from './markdown.ts'
import { saveOutcomes } from './saved-outcomes.ts'
import { simulateFleet, type FleetSettings } from './simulate-fleet.ts'

const options = { agents: { type: 'string' }, seconds: { type: 'string' }, save: { type: 'string' } } as const
const { values } = parseArgs({ options })
const seconds = Number(values.seconds ?? 300)
const agents = Number(values.agents ?? 1_000)
/** A minute of five without a controller, and a fifth of any other time. */
const fifthMs = seconds * 200
const settings: FleetSettings = { agents, seconds, killAfterMs: fifthMs, outageMs: fifthMs }
const name = 'controller'
const goals: Goal[] = [
  { candidate: name, figure: fleetFigures.cores, atMost: 0.5 },
  { candidate: name, figure: fleetFigures.ownLagMs, atMost: 2_000 },
  { candidate: name, figure: fleetFigures.lagMs, atMost: 2_000 },
  { candidate: name, figure: fleetFigures.growth, atMost: 1.1 },
  { candidate: name, figure: fleetFigures.snapshotBytes, atMost: 10_000 },
  { candidate: name, figure: fleetFigures.missing, atMost: 0 },
]

const loadBefore = loadAverage()
const figures = toFleetFigures(await simulateFleet(settings), settings)
const measured = [{ name, figures: [figures] }]
const judgements = judge(goals, measured)
console.log(
  `\n## Controller of ${agents} simulated agents, ${seconds} s, killed after ${fifthMs / 1000} s for ${fifthMs / 1000} s\n`,
)
console.log(
  renderTable(
    ['', 'measured'],
    Object.entries(figures).map(([figure, value]) => [
      figure,
      Number.isNaN(value) ? 'never' : renderNumber(value, value >= 100 ? 0 : 2),
    ]),
  ),
)
console.log(`\n${renderJudgements(judgements)}`)
console.log(`\nload average ${loadBefore.toFixed(1)} before, ${loadAverage().toFixed(1)} after`)
if (values.save !== undefined) saveOutcomes(values.save, [{ name, measured, judgements }])
