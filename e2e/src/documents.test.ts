import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { root, run, start, type Started } from './support/programs.ts'
import { expectNothingWrong } from './support/reports.ts'
import { startSnowflakeMcp } from './support/servers.ts'

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync('{docs,deploy,apps/*,libs/*,artillery/packs/*}/*.md', { cwd: root }),
]

/** Commands proven by tests of their own, which type them in the same or a shorter form. */
const provenElsewhere: Readonly<Record<string, string>> = {
  'npm ci && npx nx run load:heavy': 'main-run.test.ts',
  'npm ci && npm test': 'the run of this very test',
  'npm test -w @squall/metrics': 'npm run check, which runs every package so',
  'npx nx run load:smoke': 'main-run.test.ts',
  'npx nx run load:heavy --clients=200': 'main-run.test.ts',
  'npx squall run smoke': 'main-run.test.ts',
  'npx snowflake-mcp --port 0': 'mcp-clients.test.ts',
  'npx squall run my-pack --export csv=numbers.csv --export prometheus=9464 --export otlp=http://127.0.0.1:4318':
    "squall's squall.test.ts and the live-export.test.ts of reports, with receivers of their own",
  'npx squall run my-pack --target https://127.0.0.1:8443/mcp --ca ca.pem --cert me.pem --key me.key':
    "squall's tls.test.ts, with certificates made for it",
  "npx squall capacity heavy --slo 'p95<500ms,failed<1%' --for-clients 1000 --headroom 0.3":
    "squall's capacity.test.ts, with shorter levels",
  "npx squall capacity heavy --slo 'p95<500ms,failed<1%'": "squall's capacity.test.ts, with shorter levels",
  "npx squall capacity my-pack --slo 'p95<500ms,failed<1%' --target http://127.0.0.1:3000/mcp --for-clients 1000 --headroom 0.3":
    "squall's capacity.test.ts, with a server whose limits are known",
  [`curl -X PUT localhost:3010/_local/faults/latency -d '{ "rules": [{ "pattern": "lineitem", "delay": { "medianMs": 800, "sigma": 0.4 } }, { "delay": { "ms": 20 } }] }'`]:
    "the warehouse's faults.test.ts and slots tests, by the same addresses (test/admin-client.ts)",
  [`curl -X PATCH localhost:3010/_local/warehouses/COMPUTE_WH -d '{ "slots": 2, "suspended": true, "resumeDelayMs": 2000 }'`]:
    "the warehouse's faults.test.ts and slots tests, by the same addresses (test/admin-client.ts)",
  'curl -X POST localhost:3010/_local/reset':
    "the warehouse's faults.test.ts and slots tests, by the same addresses (test/admin-client.ts)",
  'npx squall compare my-pack --base http://127.0.0.1:3001/mcp --candidate http://127.0.0.1:3002/mcp':
    "squall's regression.test.ts",
  "npx squall compare my-pack --base 'node main/server.js' --candidate 'node branch/server.js' --duration 20s --runs 12":
    "squall's regression.test.ts",
  'npx squall run my-pack --report nightly/1': "squall's squall.test.ts",
  'npx squall baseline save my-pack --from nightly': "squall's regression.test.ts",
  'npx squall baseline check my-pack --from tonight': "squall's regression.test.ts",
  'npx squall baseline list': "squall's regression.test.ts",
  'npx squall agent --fabric redis://10.0.0.1:6379 --allow-target 10.0.0.7:3000': "squall's many-machines.test.ts, on loopback",
  'npx squall run my-pack.yml --target http://10.0.0.7:3000/mcp --fabric redis://10.0.0.1:6379':
    "squall's many-machines.test.ts, on loopback",
  'npx squall agent --fabric redis://127.0.0.1:6379': "squall's many-machines.test.ts, on a free port",
  'npx squall run smoke --fabric redis://127.0.0.1:6379':
    "squall's many-machines.test.ts, on a free port and with a target of its own",
  'npx squall serve --fabric redis://10.0.0.1:6379 --allow-target 10.0.0.7:3000': "squall's serve.test.ts, on loopback",
  "export SQUALL_FABRIC_SECRET='the same long text everywhere'": "squall's many-machines.test.ts",
  "redis-server --appendonly yes --save '' --maxmemory-policy noeviction": "squall's many-machines.test.ts, on a free port",
  'docker build -f deploy/Dockerfile -t squall .': 'deploy/image.test.ts, which carries the Dockerfile out without Docker',
  'deploy/make-secrets.sh': 'deploy/scripts.test.ts',
  'docker compose -f deploy/compose/compose.yml up --wait redis target agent':
    'deploy/image.test.ts, which runs the commands of these services; Docker is not here',
  'docker compose -f deploy/compose/compose.yml run --name squall-run run': 'deploy/image.test.ts, likewise',
  'docker cp squall-run:/reports squall-report/compose': 'deploy/image.test.ts, which reads that volume',
  'docker compose -f deploy/compose/compose.yml up --wait serve': 'deploy/image.test.ts, likewise',
  '. deploy/compose/.env': 'deploy/image.test.ts, which reads that file',
  [`curl -H "authorization: Bearer $SQUALL_SERVE_TOKEN" -H 'content-type: application/json' -d '{ "pack": "first-load" }' http://127.0.0.1:8089/runs`]:
    'deploy/image.test.ts, with fetch instead of curl',
  'kubectl -n squall port-forward deployment/squall-serve 8089': 'nobody: there is no cluster here, as the page says',
  'docker compose -f deploy/compose/compose.yml down --volumes': 'deploy/image.test.ts, which stops the services',
  'kubectl apply -k deploy/kubernetes/overlays/try-out': 'deploy/kubernetes.test.ts, as far as it goes without a cluster',
  'kubectl -n squall logs -f job/squall-run': 'nobody: there is no cluster here, as the page says',
  "kubectl -n squall logs job/squall-run | sed -n '/^{/,/^}/p' > squall-report/summary.json":
    'deploy/scripts.test.ts, with what a run prints instead of kubectl',
  'npx squall report squall-report': 'deploy/scripts.test.ts',
  'kubectl -n squall delete job squall-run squall-agents': 'nobody: there is no cluster here, as the page says',
  'aws ecs register-task-definition --cli-input-json file://deploy/ecs/agent-task.json':
    "deploy/ecs.test.ts, by the types of Amazon's SDK",
  'export CLUSTER=load SUBNETS=subnet-a,subnet-b SECURITY_GROUPS=sg-1': 'deploy/ecs.test.ts',
  'deploy/ecs/agents.sh start 20': 'deploy/ecs.test.ts, with a stand-in for aws',
  'npx squall run my-pack.yml --target https://mcp.staging.example.com/mcp --fabric rediss://redis.example.com:6379 --agents 20':
    "squall's many-machines.test.ts, on loopback",
  'deploy/ecs/agents.sh stop': 'deploy/ecs.test.ts, with a stand-in for aws',
  'sudo git clone --depth 1 https://github.com/your-company/squall.git /opt/squall': 'every run of the tests in a clone',
  'sudo npm --prefix /opt/squall ci': 'every run of the tests in a clone',
  'sudo install -D -m 600 deploy/systemd/agent.env /etc/squall/agent.env': 'deploy/scripts.test.ts, which reads it in its place',
  'sudo install -m 644 deploy/systemd/squall-agent.service /etc/systemd/system/': 'deploy/scripts.test.ts, which checks the unit',
  'sudo systemctl enable --now squall-agent': "deploy/scripts.test.ts, which runs the unit's command; no systemd runs here",
  'npm pack -w artillery-engine-mcp --pack-destination deploy/artillery-fargate': 'deploy/artillery-fargate.test.ts',
  'npx artillery run-fargate deploy/artillery-fargate/pack.yml --region eu-central-1 --count 10':
    'deploy/artillery-fargate.test.ts, up to where Amazon would begin',
  'npm run prove:faults -w @squall/squall': "by hand, since it takes an hour; two of its cases by squall's faults.test.ts",
  "npm run prove:faults -w @squall/squall -- --only 'cut off' --packs ramp --times 1":
    "by hand; two cases of it by squall's faults.test.ts",
  'npm install artillery@2.0.34 artillery-engine-mcp': 'engine-package.test.ts, with the engine as it would be published',
}

/** Commands that run here as they stand. */
const provenHere = [
  'npx squall run heavy --clients 200 --duration 30s --report squall-report/mine',
  'npx squall init --target http://127.0.0.1:3000/mcp --out my-pack',
  'npx squall check my-pack --target http://127.0.0.1:3000/mcp',
  'npx squall run my-pack --debug',
  'npx nx run load:smoke-artillery',
  'npx nx run snowflake-mcp:serve',
  'npx snowflake-mcp --stdio',
  'npx snowflake-mcp',
  'npx squall serve',
  `curl -H 'content-type: application/json' -d '{ "pack": "smoke", "target": "http://127.0.0.1:3000/mcp" }' http://127.0.0.1:8089/runs`,
  "curl 'http://127.0.0.1:8089/runs/ID?wait=60s'",
  'curl -O http://127.0.0.1:8089/runs/ID/report.html',
]

/** Every line of every shell block, without its comment. */
function commandsOf(document: string): readonly string[] {
  const blocks = Array.from(
    readFileSync(join(root, document), 'utf8').matchAll(/^```sh\n(.*?)^```/gms),
    ([, block = '']) => block,
  )
  return blocks.flatMap((block) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  )
}

test('every command in a document is run by a test', () => {
  const known = [...Object.keys(provenElsewhere), ...provenHere]
  const unproven = documents
    .flatMap((document) => commandsOf(document).map((command) => `${document}: ${command}`))
    .filter((entry) => !known.some((command) => entry.endsWith(`: ${command}`)))
  expect(unproven).toEqual([])
})

test('`npx squall run heavy` with options of its own leaves its report where it was told', async () => {
  const cwd = temporaryDirectory(onTestFinished)
  const args = ['run', 'heavy', '--clients', '40', '--spawn-rate', '40', '--duration', '5s', '--report', 'squall-report/mine']
  const ended = await run('squall', args, { cwd })
  expectNothingWrong(ended, join(cwd, 'squall-report/mine'))
})

test('`npx nx run snowflake-mcp:serve` serves at port 3000, where `npx nx run load:smoke-artillery` finds it', async () => {
  const server = serve()
  await server.printed(/http:\/\/127\.0\.0\.1:3000\/mcp/)
  const ended = await run('npx', ['nx', 'run', 'load:smoke-artillery'])
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  expect(ended.stdout).toContain('plugins.metrics-by-endpoint.execute_query.codes.200')
}, 120_000)

test('the way to a first pack for a server of one’s own is as the README says [L14]', async () => {
  const server = serve()
  await server.printed(/http:\/\/127\.0\.0\.1:3000\/mcp/)
  const cwd = temporaryDirectory(onTestFinished)
  for (const args of [
    ['init', '--target', 'http://127.0.0.1:3000/mcp', '--out', 'my-pack'],
    ['check', 'my-pack', '--target', 'http://127.0.0.1:3000/mcp'],
    ['run', 'my-pack', '--debug'],
  ]) {
    const ended = await run('squall', args, { cwd })
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  }
}, 180_000)

test('runs over HTTP are asked for, waited for and read as docs/serve.md says, by hand and in CI', async () => {
  const cwd = temporaryDirectory(onTestFinished)
  const [target, squall] = ['snowflake-mcp', 'squall serve'].map((command) => {
    const [program = '', ...args] = command.split(' ')
    const started = start(program, args, { cwd })
    onTestFinished(() => started.kill('SIGTERM'))
    return started
  })
  await target?.printed(/http:\/\/127\.0\.0\.1:3000\/mcp/)
  await squall?.printed(/http:\/\/127\.0\.0\.1:8089/)
  const [ask = '', wait = '', fetchReport = ''] = commandsOf('docs/serve.md').filter((command) => command.startsWith('curl'))
  const shell = (script: string): ReturnType<typeof run> => run('bash', ['-c', script], { cwd })
  const { id } = JSON.parse((await shell(ask)).stdout) as { id: string }
  expect(JSON.parse((await shell(wait.replace('ID', id))).stdout)).toMatchObject({
    state: 'ended',
    pack: 'smoke',
    // A busy machine may make it inconclusive, here and below.
    verdict: expect.stringMatching(/^(pass|inconclusive)$/) as string,
  })
  expect((await shell(fetchReport.replace('ID', id))).code).toBe(0)
  expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toContain('smoke')
  const pack = {
    config: { squall: { clients: 1, duration: '1s' } },
    scenarios: [{ engine: 'mcp', flow: [{ ping: {} }, { think: 0.1 }] }],
  }
  writeFileSync(join(cwd, 'my-pack.yml'), JSON.stringify(pack))
  const [, script = ''] = /^```bash\n(.*?)^```/ms.exec(readFileSync(join(root, 'docs/serve.md'), 'utf8')) ?? []
  const passed = await shell(script)
  expect([exitCodes.ok, exitCodes.inconclusive], passed.stderr).toContain(passed.code)
  expect(passed.stdout).toContain(passed.code === exitCodes.ok ? 'pass' : 'inconclusive')
  writeFileSync(
    join(cwd, 'my-pack.yml'),
    JSON.stringify({ ...pack, config: { squall: { clients: 1, duration: '1s', thresholds: ['failed>1%'] } } }),
  )
  expect([exitCodes.thresholdBroken, exitCodes.inconclusive]).toContain((await shell(script)).code)
  writeFileSync(join(cwd, 'my-pack.yml'), '{')
  expect(await shell(script)).toMatchObject({ code: 2 })
  // A CI job's shell ends at the first command that fails, and its log is a file that goes on.
  writeFileSync(join(cwd, 'my-pack.yml'), JSON.stringify(pack))
  target?.kill('SIGTERM')
  await target?.ended
  writeFileSync(join(cwd, 'log'), 'what came before\n')
  expect((await run('bash', ['-ec', `(${script}) >> log 2>> log`], { cwd })).code).toBe(6)
  expect(readFileSync(join(cwd, 'log'), 'utf8')).toMatch(/^what came before[^]*"state":"failed"/)
}, 120_000)

function serve(): Started {
  const server = start('npx', ['nx', 'run', 'snowflake-mcp:serve'], { ownGroup: true })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  return server
}

test('`npx snowflake-mcp --stdio` prints nothing but protocol on standard output', async () => {
  const server = start('npx', ['snowflake-mcp', '--stdio'])
  onTestFinished(() => server.kill('SIGTERM'))
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } }
  server.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
  await server.printed(/"protocolVersion":"2025-11-25"/)
  server.endInput()
  const { code, stdout } = await server.ended
  expect(code).toBe(0)
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
})

test("the README's pack runs as it stands", async () => {
  const [, pack = ''] = /^```yaml\n(.*?)^```/ms.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  const { url } = await startSnowflakeMcp()
  const directory = temporaryDirectory(onTestFinished)
  writeFileSync(join(directory, 'pack.yml'), pack)
  const args = ['run', join(directory, 'pack.yml'), '--target', url, '--duration', '5s', '--report', join(directory, 'report')]
  const ended = await run('squall', args)
  expectNothingWrong(ended, join(directory, 'report'))
})
