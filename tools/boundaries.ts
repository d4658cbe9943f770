// Architecture check: every import across packages is declared, enters by the package's index, and points down the layer table.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly nx?: { readonly name?: string; readonly tags?: readonly string[] }
}

interface Package {
  readonly directory: string
  readonly name: string
  readonly id: string
  readonly layer: string
  readonly dependencies: ReadonlySet<string>
  /** For tests and builds. */
  readonly devDependencies: ReadonlySet<string>
}

/** Layers a layer may depend on. Within `server` and `load` the edges are named one by one, so no circle can form. */
const layersBelow: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  dev: ['core'],
  server: ['core'],
  load: ['core'],
  adapter: ['core', 'load'],
  app: ['core', 'server', 'load'],
  scenario: ['core', 'dev', 'load', 'app', 'adapter'],
}

const namedEdges: Readonly<Record<string, readonly string[]>> = {
  session: ['pool'],
  'sql-policy': ['snowflake-sql'],
  warehouse: ['snowflake-sql'],
  'mcp-server': ['session', 'pool', 'sql-policy', 'snowflake'],
  'virtual-client': ['mcp-wire'],
  pack: ['virtual-client'],
  swarm: ['virtual-client'],
  controller: ['fabric', 'pack', 'report', 'capacity', 'baseline'],
}

/** Core packages in order: each may use those before it. */
const coreOrder = ['errors', 'time', 'program', 'metrics', 'load-plan', 'load-protocol']

const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/test/')
const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"]+)\1/g

const packages = globSync([
  'libs/*/package.json',
  'apps/*/package.json',
  'artillery/package.json',
  'e2e/package.json',
  'benchmarks/package.json',
])
  .toSorted()
  .map(readPackage)
const byName = new Map(packages.map((entry) => [entry.name, entry]))
const problems = packages.flatMap((entry) => [...checkEdges(entry), ...checkReferences(entry), ...checkImports(entry)])

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
} else console.log(`${packages.length} packages, boundaries hold`)

function readPackage(path: string): Package {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  const layer = manifest.nx?.tags?.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length) ?? 'none'
  return {
    directory: dirname(path),
    name: manifest.name,
    id: manifest.nx?.name ?? manifest.name,
    layer,
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  }
}

function mayDependOn(from: Package, to: Package): boolean {
  if (from.layer === 'core' && to.layer === 'core') return coreOrder.indexOf(to.id) < coreOrder.indexOf(from.id)
  if (from.layer === to.layer) return namedEdges[from.id]?.includes(to.id) === true
  return layersBelow[from.layer]?.includes(to.layer) === true
}

function checkEdges(from: Package): string[] {
  if (!(from.layer in layersBelow)) return [`${from.directory}: no layer tag, or an unknown one`]
  return [...from.dependencies, ...from.devDependencies].flatMap((name) => {
    const to = byName.get(name)
    if (!to || mayDependOn(from, to) || (to.layer === 'dev' && from.devDependencies.has(name))) return []
    return [`${from.directory}: ${from.id} (${from.layer}) must not depend on ${to.id} (${to.layer})`]
  })
}

/** The compiler's references say the same as the manifest, so that Nx and `tsc -b` build in the same order. */
function checkReferences(from: Package): string[] {
  const file = join(from.directory, 'tsconfig.json')
  if (!existsSync(file)) return []
  const { references = [] } = JSON.parse(readFileSync(file, 'utf8')) as { references?: readonly { readonly path: string }[] }
  const referenced = references.map(({ path }) => join(from.directory, path)).toSorted()
  const declared = [...from.dependencies, ...from.devDependencies].flatMap((name) => byName.get(name)?.directory ?? [])
  const compiled = declared.filter((directory) => directory.startsWith('libs/')).toSorted()
  return referenced.join() === compiled.join()
    ? []
    : [`${file}: references ${referenced.join(', ')}, but the package depends on ${compiled.join(', ')}`]
}

function checkImports(from: Package): string[] {
  return globSync(`${from.directory}/**/*.ts`, { exclude: (name) => /node_modules|dist/.test(name) }).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(importPattern)].flatMap(([, , specifier = '']) => checkImport(from, file, specifier)),
  )
}

function checkImport(from: Package, file: string, specifier: string): string[] {
  if (specifier.startsWith('.')) {
    const target = relative('.', resolve(dirname(file), specifier))
    return target.startsWith(`${from.directory}/`) ? [] : [`${file}: ${specifier} leaves its package`]
  }
  const to = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
  if (!to || to.name === from.name) return []
  if (specifier !== to.name) return [`${file}: ${specifier} goes past the index of ${to.name}`]
  if (!from.dependencies.has(to.name) && !from.devDependencies.has(to.name))
    return [`${file}: ${to.name} is not declared in ${from.directory}/package.json`]
  if (to.layer === 'dev' && from.layer !== 'scenario' && !isTest(file)) return [`${file}: only tests may import ${to.name}`]
  return []
}
