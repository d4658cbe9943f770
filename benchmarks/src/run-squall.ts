import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '@squall/errors'
import { runCommand } from './run-command.ts'

export interface SquallJob {
  readonly url: string
  readonly tool: string
  readonly arguments: object
  readonly clients: number
  readonly warmUpSeconds: number
  readonly measuredSeconds: number
}

/** The part of `summary.json` that is compared. */
interface Summary {
  readonly totals: { readonly calls: number; readonly failed: number }
  readonly generator: { readonly cpuSeconds: number }
}

const squall = fileURLToPath(new URL('../../node_modules/.bin/squall', import.meta.url))

/**
 * Runs `squall` as a user does, with a pack whose clients call one tool without a pause, in one generator process.
 * A generator that is always busy is the point here, so the verdict `inconclusive` is no failure.
 */
export async function runSquall(job: SquallJob): Promise<{ readonly calls: number; readonly cpuSeconds: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'squall-benchmark-'))
  try {
    const pack = join(directory, 'pack.yml')
    writeFileSync(pack, toPack(job))
    const command = [squall, 'run', pack, '--target', job.url, '--workers', '1', '--report', directory, '--quiet'] as const
    await runCommand(command, [exitCodes.ok, exitCodes.inconclusive])
    // Its schema is a contract of the program that wrote it.
    const { totals, generator } = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8')) as Summary
    if (totals.failed > 0) throw new Error(`${totals.failed} of ${totals.calls} calls failed`)
    return { calls: totals.calls, cpuSeconds: generator.cpuSeconds }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

// YAML takes JSON as it is.
const toPack = ({ tool, arguments: args, clients, warmUpSeconds, measuredSeconds }: SquallJob): string =>
  JSON.stringify({
    config: {
      squall: {
        model: 'closed',
        clients,
        spawnRate: clients * 10,
        warmUp: `${warmUpSeconds}s`,
        duration: `${warmUpSeconds + measuredSeconds}s`,
      },
    },
    scenarios: [{ engine: 'mcp', flow: [{ callTool: { name: tool, arguments: args } }] }],
  })
