import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@squall/testing'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Artillery takes six seconds to start and to end; on a machine that does other things, many more. */
export const longestMs = 180_000

/** What a run of stock Artillery left behind. */
export interface ArtilleryRun {
  readonly code: number
  readonly printed: string
  readonly counters: Readonly<Record<string, number>>
  readonly summaries: Readonly<Record<string, { readonly count: number }>>
}

/**
 * Runs a script under the Artillery of this workspace, with all plugins that come with it.
 * @param files beside the script, by their names.
 * @throws Error with what was printed, when it left no report.
 */
export async function runArtillery(script: object, files: Readonly<Record<string, string>> = {}): Promise<ArtilleryRun> {
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  const output = join(directory, 'report.json')
  for (const [name, text] of Object.entries({ ...files, 'pack.json': JSON.stringify(script) }))
    writeFileSync(join(directory, name), text)
  const ended = await runCommand(['run', '--output', output, join(directory, 'pack.json')])
  if (!existsSync(output)) throw new Error(`Artillery left no report and ended with ${ended.code}:\n${ended.printed}`)
  const { aggregate } = JSON.parse(readFileSync(output, 'utf8')) as { aggregate: Pick<ArtilleryRun, 'counters' | 'summaries'> }
  return { ...ended, counters: aggregate.counters, summaries: aggregate.summaries }
}

function runCommand(args: readonly string[]): Promise<Pick<ArtilleryRun, 'code' | 'printed'>> {
  const env = {
    ...process.env,
    ARTILLERY_DISABLE_TELEMETRY: 'true',
    NODE_OPTIONS: '--conditions=@squall/source',
    FORCE_COLOR: '0',
  }
  return new Promise((resolve) => {
    const child = execFile(`${root}node_modules/.bin/artillery`, args, { env, timeout: longestMs }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    )
  })
}
