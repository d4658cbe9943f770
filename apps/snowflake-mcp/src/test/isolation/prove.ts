// `npm run prove`: a hundred thousand statements of fifty clients that change their sessions in every way there is.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkIsolation } from './check-isolation.ts'
import { cleaning, openIsolationWorld } from './isolation-world.ts'

const operations = 100_000
const clients = 50
const sessions = 8

await using world = await openIsolationWorld(join(tmpdir(), 'squall-warehouse-tests'))
const pool = world.openPool(cleaning, sessions)
const progress = setInterval(() => console.log(`${pool.stats().acquired} leases`), 30_000)
const report = await checkIsolation(pool, { clients, operations, seed: Number(process.env['SQUALL_SEED'] ?? 1) })
clearInterval(progress)
const { created, cleaned, discarded } = pool.stats()
await pool.drain(5_000)
console.log(`${report.operations} statements of ${clients} clients in ${report.leases} leases of ${sessions} sessions`)
console.log(`${created} sessions were opened; ${cleaned} times one came back clean, ${discarded} times it was closed`)
console.log(`changes: ${JSON.stringify(report.changes)}; looks: ${JSON.stringify(report.looks)}`)
for (const line of [...report.violations, ...report.failures]) console.log(line)
console.log(`${report.violations.length} sights of another's state, ${report.failures.length} unexpected failures`)
if (report.violations.length + report.failures.length > 0) process.exitCode = 1
