import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ScriptedServer, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { root, run } from '../support/programs.ts'

/** What `artillery run-fargate` uploads, and what it tells workers to install. */
interface Manifest {
  readonly files: readonly { readonly orig: string; readonly noPrefix: string }[]
  readonly modules: readonly string[]
}
type CreateManifest = (
  script: string,
  extraFiles: readonly string[],
  options: { readonly flags: object },
  callback: (error: Error | null, manifest: Manifest) => void,
) => void

/** Artillery's own, of a file that its package does not export: the part of run-fargate that comes before anything goes to Amazon. */
async function createManifest(script: string): Promise<Manifest> {
  const { createBOM } = (await import(`${root}node_modules/artillery/dist/lib/platform/aws-ecs/legacy/bom.js`)) as {
    createBOM: CreateManifest
  }
  const { promise, resolve, reject } = Promise.withResolvers<Manifest>()
  createBOM(script, [], { flags: {} }, (error, manifest) => (error ? reject(error) : resolve(manifest)))
  return promise
}

test('what `artillery run-fargate` gives its workers is enough for each of them to run the pack with the engine', async () => {
  await using server = await ScriptedServer.start({ tools: { list_databases: () => 'none' } })
  const directory = join(temporaryDirectory(onTestFinished), 'artillery-fargate')
  cpSync(`${root}deploy/artillery-fargate`, directory, { recursive: true })
  const packing = ['pack', '--silent', '-w', 'artillery-engine-mcp', '--pack-destination', directory]
  const packed = await run('npm', packing, { env: { NODE_OPTIONS: '--conditions=@squall/source' } })
  expect(packed, packed.stderr).toMatchObject({ code: 0 })

  const { files, modules } = await createManifest(join(directory, 'pack.yml'))
  expect(files.map(({ noPrefix }) => noPrefix).toSorted()).toEqual(['artillery-engine-mcp-0.1.0.tgz', 'pack.yml', 'package.json'])
  expect(modules).toEqual(['artillery-engine-mcp'])

  // As a worker does: lays the files out, and installs module after module.
  const worker = temporaryDirectory(onTestFinished)
  for (const { orig, noPrefix } of files) {
    mkdirSync(dirname(join(worker, noPrefix)), { recursive: true })
    cpSync(orig, join(worker, noPrefix))
  }
  const env = { NODE_OPTIONS: '', ARTILLERY_DISABLE_TELEMETRY: 'true', npm_config_prefer_offline: 'true' }
  for (const module of modules) {
    const installed = await run('npm', ['install', '--quiet', module], { cwd: worker, env })
    expect(installed, installed.stderr).toMatchObject({ code: 0 })
  }
  const overrides = JSON.stringify({ config: { phases: [{ duration: 2, arrivalRate: 5 }] } })
  const output = join(worker, 'output.json')
  const args = ['run', '--target', server.url, '--overrides', overrides, '--output', output, 'pack.yml']
  const ended = await run(`${root}node_modules/.bin/artillery`, args, { cwd: worker, env })
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  const { aggregate } = JSON.parse(readFileSync(output, 'utf8')) as { aggregate: { counters: Readonly<Record<string, number>> } }
  expect(aggregate.counters).toMatchObject({ 'mcp.tools.list_databases.calls': 10, 'vusers.failed': 0 })
  expect(server.counts.toolCalls).toBe(10)
})
