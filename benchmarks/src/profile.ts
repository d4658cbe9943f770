// Where CPU time went, by function and by package, from the profiles that `node --cpu-prof` wrote: `profile.ts DIRECTORY`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderNumber, renderTable } from './markdown.ts'

/** The part of V8's profile that is read. Source: Chrome DevTools Protocol, `Profiler.Profile`. */
interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
}

const shownEntries = 18
/** Time without work to do. */
const idle: ReadonlySet<string> = new Set(['(idle)', '(root)'])

const [directory = '.'] = process.argv.slice(2)
for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
  // Written by Node.
  const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile
  console.log(`\n## ${programOf(profile)} (${file})\n`)
  console.log(renderShares('package', profile, ({ callFrame }) => packageOf(callFrame)))
  console.log(
    `\n${renderShares('function', profile, ({ callFrame }) => `\`${callFrame.functionName || '(anonymous)'}\` ${packageOf(callFrame)}`)}`,
  )
}

function renderShares(what: string, profile: Profile, keyOf: (node: ProfileNode) => string): string {
  const times = busyTimes(profile, keyOf)
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const largest = [...times].toSorted(([, a], [, b]) => b - a).slice(0, shownEntries)
  return renderTable(
    [what, 'share of busy time'],
    largest.map(([key, time]) => [key, `${renderNumber((100 * time) / total, 1)} %`]),
  )
}

/** The time in which each was on top of the stack. */
function busyTimes({ nodes, samples, timeDeltas }: Profile, keyOf: (node: ProfileNode) => string): Map<string, number> {
  const keys = new Map(nodes.filter(({ callFrame }) => !idle.has(callFrame.functionName)).map((node) => [node.id, keyOf(node)]))
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const key = keys.get(id)
    if (key !== undefined) times.set(key, (times.get(key) ?? 0) + (timeDeltas[index] ?? 0))
  }
  return times
}

/** `libs/mcp-wire`, `undici`, `node:http`, or what V8 does by itself. */
function packageOf({ url, functionName }: ProfileNode['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native code'
  const [, module] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  if (module !== undefined) return module
  const [, ours] = /\/((?:libs|apps)\/[^/]+|benchmarks)\/src\//.exec(url) ?? []
  return ours ?? url.split('/').slice(0, 2).join('/')
}

/** The first file of the workspace that the program ran. */
function programOf({ nodes }: Profile): string {
  const urls = nodes.map(({ callFrame }) => callFrame.url)
  return (
    urls.find((url) => /\/(?:apps|benchmarks)\//.test(url))?.replace(/^.*\/(?=(?:apps|benchmarks)\/)/, '') ?? 'unknown program'
  )
}
