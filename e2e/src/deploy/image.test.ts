import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { validate } from 'dockerfile-utils'
import { DockerfileParser } from 'dockerfile-ast'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ComposeProject } from '../support/container/compose.ts'
import { buildImage, createBareImage, type Image } from '../support/container/image.ts'
import { DeployCopy } from '../support/deploy-files.ts'
import { root } from '../support/programs.ts'
import { readSummary } from '../support/reports.ts'

const dockerfile = `${root}deploy/Dockerfile`
const scratch = temporaryDirectory(afterAll)
/** Under `SQUALL_PROVE=1`, which `npm run prove` sets, with packages that `npm ci` installs as the Dockerfile says, instead of those that are here. */
const isWhole = process.env['SQUALL_PROVE'] === '1'
let image: Image
beforeAll(() => {
  image = buildImage(dockerfile, scratch, isWhole ? undefined : root)
}, 240_000)

test('the Dockerfile has no mistake that a linter finds, and stands on the Node that the workspace pins', () => {
  const text = readFileSync(dockerfile, 'utf8')
  expect(validate(text)).toEqual([])
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { devDependencies: { node: string } }
  const [first] = DockerfileParser.parse(text).getFROMs()
  expect(first?.getImage()).toBe(`node:${devDependencies.node}-bookworm-slim`)
})

test('the image holds the programs and the packs, and no secret, test, history or tool of developers', () => {
  const files = globSync('squall/**', { cwd: image.root, exclude: (name) => name === 'node_modules' })
  expect(files).toEqual(
    expect.arrayContaining(['squall/apps/squall/bin/squall', 'squall/artillery/packs/smoke/pack.yml', 'squall/LICENSE']),
  )
  expect(files.filter((file) => /\.test\.ts$|\/test\/|\/\.env|secret\.env|keys\.json|\.git$/.test(file))).toEqual([])
  const packages = globSync('squall/node_modules/*', { cwd: image.root }).map((path) => path.replace('squall/node_modules/', ''))
  // Those that take the place of what `npm ci` installs are not in the image, but mounted.
  expect(packages.includes('bullmq') && packages.includes('snowflake-sdk')).toBe(isWhole)
  expect(packages).toEqual(expect.not.arrayContaining(['node', 'typescript', 'vitest', 'artillery', 'nx']))
})

/** As the page says it with curl, which is not in the image: asks for a run, waits for its end, and prints what became of it. */
const askForRun = `
const headers = { authorization: 'Bearer ' + process.env.SQUALL_SERVE_TOKEN, 'content-type': 'application/json' }
const ask = async (path, options) => (await fetch('http://serve:8089' + path, { headers, ...options })).json()
const { id } = await ask('/runs', { method: 'POST', body: JSON.stringify({ pack: 'first-load', duration: '2s' }) })
const { state } = await ask('/runs/' + id + '?wait=60s')
const { agents, totals } = await ask('/runs/' + id + '/summary.json')
console.log(JSON.stringify({ state, agents: agents.length, calls: totals.calls }))
process.exit(state === 'ended' && totals.calls > 10 ? 0 : 1)`

test('the commands of compose, in what the Dockerfile builds, make load by two agents that meet at a Redis [D7]', async () => {
  using copy = new DeployCopy()
  const redis = { ...createBareImage(join(scratch, 'redis'), image.usrLocal), directory: '/data' }
  const images = { squall: image, 'redis:7.2.7-bookworm': redis }
  await using project = await ComposeProject.open({ file: join(copy.directory, 'compose/compose.yml'), scratch, images })
  await project.up('redis')
  const [target] = await project.up('target')
  const agents = await project.up('agent')
  expect(agents).toHaveLength(2)
  const [run] = await project.up('run')
  const ended = await run?.ended
  // A machine that is busy with other tests may hold the generators back.
  expect([0, 5], `${ended?.stdout}${ended?.stderr}`).toContain(ended?.code)
  const summary = readSummary(project.volume('reports'))
  expect(summary.run).toMatchObject({ fabric: 'bullmq', workers: 2, target: 'http://target:3000/mcp' })
  expect(summary).toMatchObject({
    agents: [{ shards: [expect.any(Number)] }, { shards: [expect.any(Number)] }],
    totals: { failed: 0 },
  })
  expect(summary.totals.calls).toBeGreaterThan(100)
  const [serve] = await project.up('serve')
  await project.healthy('serve')
  const asked = await project.execute('serve', ['node', '-e', askForRun])
  expect(asked, asked.stdout + asked.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('"agents":2') as string })
  for (const [started, code] of [[serve, 0] as const, ...agents.map((agent) => [agent, 130] as const), [target, 0] as const]) {
    started?.kill('SIGTERM')
    expect((await started?.ended)?.code).toBe(code)
  }
}, 180_000)
