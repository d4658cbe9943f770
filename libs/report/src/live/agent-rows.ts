import type pc from 'picocolors'
import { formatCount, formatMs, formatShare } from '../format-number.ts'
import { cleanText } from '../table/clean-text.ts'
import { fitLine } from '../table/fit-line.ts'
import { renderTextTable } from '../table/text-table.ts'
import type { LiveAgentRow } from './live-state.ts'

type Paint = ReturnType<typeof pc.createColors>

/** Calls that start later than this do not put the load on the target that was asked for. */
const lateMs = 100
const longestName = 28

const columns = [
  { title: 'agent' },
  ...['workers', 'cores', 'share', 'CPU', 'lag'].map((title) => ({ title, align: 'right' as const })),
  { title: 'state' },
]

/** The machines that make the load, those that are in trouble first where not all of them find room. */
export function renderAgents(agents: readonly LiveAgentRow[], room: number, paint: Paint): string[] {
  if (agents.length === 0 || room < 1) return []
  const shown = agents.length <= room ? agents : agents.toSorted(byTrouble).slice(0, Math.max(0, room - 1))
  const [title = '', ...rows] = renderTextTable(
    columns,
    shown.map((row) => toCells(row, paint)),
  )
  const hidden = agents.length - shown.length
  return ['', paint.dim(title), ...rows, ...(hidden > 0 ? [paint.dim(`and ${formatCount(hidden)} more`)] : [])]
}

const isWell = ({ state }: LiveAgentRow): boolean => state === 'working' || state === 'waiting'

function byTrouble(left: LiveAgentRow, right: LiveAgentRow): number {
  return Number(isWell(left)) - Number(isWell(right)) || right.coresUsed / right.workers - left.coresUsed / left.workers
}

function toCells(row: LiveAgentRow, paint: Paint): string[] {
  const { agent, workers, cores, shareOfLoad, coresUsed, lagMs, state } = row
  const lag = formatMs(lagMs)
  return [
    fitLine(cleanText(agent), longestName),
    formatCount(workers),
    formatCount(cores),
    formatShare(shareOfLoad),
    formatShare(coresUsed / Math.max(1, cores)),
    lagMs !== null && lagMs >= lateMs ? paint.yellow(lag) : lag,
    isWell(row) ? cleanText(state) : paint.red(cleanText(state)),
  ]
}

/** `3 agents, 1 gone  their CPU 41 %  lag 2 ms`, for a line of a log; empty where there are none. */
export function agentsInALine(agents: readonly LiveAgentRow[]): string[] {
  if (agents.length === 0) return []
  const here = agents.filter(({ state }) => state !== 'gone')
  const troubled = agents.filter((agent) => !isWell(agent)).map(({ agent, state }) => `${cleanText(agent)} ${cleanText(state)}`)
  const cores = here.reduce((sum, agent) => sum + agent.cores, 0)
  const coresUsed = here.reduce((sum, agent) => sum + agent.coresUsed, 0)
  const lagMs = Math.max(0, ...here.map((agent) => agent.lagMs ?? 0))
  return [
    `${formatCount(here.length)} agent${here.length === 1 ? '' : 's'}${troubled.length === 0 ? '' : ` (${troubled.join(', ')})`}`,
    `CPU ${formatShare(coresUsed / Math.max(1, cores))}`,
    `lag ${formatMs(lagMs)}`,
  ]
}
