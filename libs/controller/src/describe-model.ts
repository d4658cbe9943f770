import type { LoadModel } from '@squall/load-plan'

/** The load in words: `closed: 300 clients, 20 started per second`. */
export function describeModel(model: LoadModel): string {
  return model.type === 'closed' ? describeClosed(model) : describeOpen(model)
}

function describeClosed({ clients, spawnRatePerSecond, stages }: Extract<LoadModel, { type: 'closed' }>): string {
  if (stages === undefined) return `closed: ${inClients(clients)}, ${round(spawnRatePerSecond)} started per second`
  const parts = stages.map(({ from, to, durationMs }) => {
    const wanted = from === to ? inClients(round(from)) : `${round(from)} to ${inClients(round(to))}`
    return `${wanted} for ${round(durationMs / 1000)} s`
  })
  return `closed: ${shortened(parts)}`
}

function describeOpen({ phases }: Extract<LoadModel, { type: 'open' }>): string {
  const parts = phases.map(({ rateStart, rateEnd, durationMs }) => {
    const rate = rateStart === rateEnd ? `${round(rateStart)}/s` : `${round(rateStart)} to ${round(rateEnd)}/s`
    return `${rate} for ${round(durationMs / 1000)} s`
  })
  return `open: ${shortened(parts)}`
}

const inClients = (count: number): string => `${count} client${count === 1 ? '' : 's'}`

const round = (value: number): number => Number(value.toFixed(2))

const mostParts = 12

/** A shape out of a program may have thousands of stages. */
function shortened(parts: readonly string[]): string {
  const hidden = parts.length - mostParts
  return hidden <= 1 ? parts.join(', ') : `${parts.slice(0, mostParts).join(', ')}, and ${hidden} more`
}
