// `npm run prove:faults -w @squall/squall -- [--only CASE] [--times N] [--packs closed,paced,ramp] [--results FILE] [--loopback]`: disturbs runs over two agents in every way, and
// prints what came of it as the table of docs/distributed.md. With a file of results, those of earlier calls are in the table too.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { faultTable, type FaultLine } from './fault-table.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    times: { type: 'string', default: '3' },
    packs: { type: 'string', default: 'closed,paced,ramp' },
    results: { type: 'string', default: join(mkdtempSync(join(tmpdir(), 'squall-faults-')), 'results.jsonl') },
    loopback: { type: 'boolean', default: false },
    /** Only the table, of a file of results. */
    table: { type: 'boolean', default: false },
  },
})
const app = fileURLToPath(new URL('../../..', import.meta.url))
const { status } = values.table
  ? { status: 0 }
  : spawnSync('vitest', ['run', '-c', 'prove/vitest.config.ts', 'src/test/faults'], {
      cwd: app,
      stdio: 'inherit',
      env: {
        ...process.env,
        SQUALL_FAULTS_ONLY: values.only,
        SQUALL_FAULTS_TIMES: values.times,
        SQUALL_FAULTS_PACKS: values.packs,
        SQUALL_FAULTS_RESULTS: values.results,
        SQUALL_FAULTS_LOOPBACK: values.loopback ? '1' : '0',
      },
    })
const lines = existsSync(values.results) ? readFileSync(values.results, 'utf8').split('\n') : []
// Written by the proof itself.
console.log(faultTable(lines.filter((line) => line !== '').map((line) => JSON.parse(line) as FaultLine)))
process.exitCode = status ?? 1
