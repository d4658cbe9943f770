// `npm run prove`: what takes longer to prove than a test may. Runs the `prove` script of every package that has one.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

interface Manifest {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
}

const packages = globSync(['{apps,libs}/*/package.json', 'e2e/package.json']).filter((file) => {
  // Written by ourselves.
  const { scripts = {} } = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return 'prove' in scripts
})
const failed = packages.map(dirname).filter((directory) => {
  const startMs = performance.now()
  console.log(`\n${directory}`)
  const { status } = spawnSync('npm', ['run', '--silent', 'prove'], { cwd: directory, stdio: 'inherit' })
  console.log(`${status === 0 ? 'holds' : 'does not hold'}, ${Math.round((performance.now() - startMs) / 1000)} s`)
  return status !== 0
})
console.log(`\n${packages.length - failed.length} proven, ${failed.length} failed`)
if (failed.length > 0) process.exitCode = 1
