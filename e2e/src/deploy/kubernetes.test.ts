import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DeployCopy, renderKustomization, type Manifest } from '../support/deploy-files.ts'
import { misspellings } from '../support/misspellings.ts'
import { containersOf, podsOf, referencesOf, type Container } from '../support/pods.ts'
import { run } from '../support/programs.ts'
import { typeErrors, type TypedValue } from '../support/strict-types.ts'

const kustomizations = ['base', 'overlays/try-out', 'overlays/hundred-agents']
const rendered = new Map<string, readonly Manifest[]>()

beforeAll(() => {
  using copy = new DeployCopy()
  for (const name of kustomizations) rendered.set(name, renderKustomization(join(copy.directory, 'kubernetes', name)))
})

const all = (): readonly Manifest[] => kustomizations.flatMap((name) => rendered.get(name) ?? [])
const job = (kustomization: string, name: string): Manifest | undefined =>
  rendered.get(kustomization)?.find(({ kind, metadata }) => kind === 'Job' && metadata.name === name)

const toTyped = (name: string, value: Manifest): TypedValue => ({
  name,
  module: `kubernetes-models/${value.apiVersion}`,
  type: `I${value.kind}`,
  value,
})

interface Model {
  validate(): void
}
type Models = Readonly<Record<string, new (data: Manifest) => Model>>

test('everything that is rendered is what Kubernetes knows, with no field missing, misspelt or of a wrong kind', async () => {
  for (const manifest of all()) {
    // The package has a module for each group and version.
    const models = (await import(`kubernetes-models/${manifest.apiVersion}`)) as Models
    const Model = models[manifest.kind]
    if (Model === undefined) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`)
    expect(() => new Model(manifest).validate(), manifest.metadata.name).not.toThrow()
  }
  const good = all().map((manifest, index) => toTyped(`${index} ${manifest.kind} ${manifest.metadata.name}`, manifest))
  const bad = all().flatMap((manifest, index) =>
    misspellings(manifest).map(({ path, value }) => toTyped(`${index} ${manifest.kind}${path}`, value)),
  )
  const errors = typeErrors([...good, ...bad])
  expect(good.flatMap(({ name }) => errors.get(name) ?? [])).toEqual([])
  // A field too many was found in every object there is, so the check sees all of them.
  expect(bad.length).toBeGreaterThan(300)
  expect(bad.map(({ name }) => name).filter((name) => !errors.has(name))).toEqual([])
})

describe.each(kustomizations)('kubernetes/%s', (name) => {
  const manifests = (): readonly Manifest[] => rendered.get(name) ?? []
  const containers = (): readonly Container[] => podsOf(manifests()).flatMap(containersOf)

  test('lets no container be root, write to its image, gain rights, or take more than it was given', () => {
    for (const pod of podsOf(manifests())) {
      expect(pod.spec, pod.name).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      })
    }
    for (const container of containers()) {
      expect(container.securityContext, container.name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(Object.keys(container.resources?.requests ?? {}), container.name).toEqual(expect.arrayContaining(['cpu', 'memory']))
      expect(container.resources?.limits['memory'], container.name).toBe(container.resources?.requests['memory'])
    }
  })

  test('refers to nothing that is not there', () => {
    const kinds = new Set(['ConfigMap', 'PersistentVolumeClaim', 'Secret'])
    const named = manifests().filter(({ kind }) => kinds.has(kind))
    const keys = named.flatMap(({ kind, metadata, data }) =>
      Object.keys(data ?? {}).map((key) => `${kind} ${metadata.name} ${key}`),
    )
    const there = new Set([...named.map(({ kind, metadata }) => `${kind} ${metadata.name}`), ...keys])
    const references = podsOf(manifests()).flatMap(referencesOf)
    expect(references.length).toBeGreaterThan(5)
    expect(references.filter((reference) => !there.has(reference))).toEqual([])
  })

  test('puts everything into one namespace that is held to the restricted standard, and nothing secret into settings', () => {
    const inside = manifests().filter(({ kind }) => kind !== 'Namespace')
    expect(new Set(inside.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['squall']))
    const namespace = manifests().find(({ kind }) => kind === 'Namespace')
    expect(namespace?.metadata.labels).toEqual({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    const settings = JSON.stringify(manifests().filter(({ kind }) => kind !== 'Secret'))
    expect(settings).not.toMatch(/[0-9a-f]{64}/)
  })
})

const isSetting = (name: string): boolean => /^(?:SQUALL|SNOWFLAKE)_/.test(name)

test('every option and variable of a container is one that its program knows', async () => {
  const known = new Map<string, readonly string[]>()
  for (const command of [['squall', 'agent'], ['squall', 'run'], ['squall', 'serve'], ['snowflake-mcp']]) {
    const [program = '', ...args] = command
    const { stdout } = await run(program, [...args, '--help'])
    // The help of a run says nothing of the one setting that is a variable alone.
    known.set(command.join(' '), [...(stdout.match(/--[a-z-]+|\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []), 'SQUALL_FABRIC_SECRET'])
  }
  for (const { command = [], env = [] } of podsOf(all()).flatMap(containersOf)) {
    const [, words] = [...known].find(([name]) => command.join(' ').startsWith(name)) ?? []
    if (words === undefined) continue
    const used = [...env.map(({ name }) => name).filter(isSetting), ...command.filter((part) => part.startsWith('--'))]
    expect(words, command.join(' ')).toEqual(expect.arrayContaining(used))
  }
  const shared = all().flatMap(({ kind, data }) => (kind === 'ConfigMap' ? Object.keys(data ?? {}).filter(isSetting) : []))
  expect(shared).not.toEqual([])
  expect([...known.values()].flat()).toEqual(expect.arrayContaining(shared))
})

test('agents are an Indexed Job that spreads over machines, waits for Redis, and has time to hand its shares on', () => {
  expect(job('base', 'squall-agents')?.['spec']).toMatchObject({
    completionMode: 'Indexed',
    completions: 2,
    parallelism: 2,
    podFailurePolicy: { rules: expect.arrayContaining([expect.objectContaining({ action: 'Ignore' })]) as unknown },
    template: {
      spec: {
        restartPolicy: 'Never',
        topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname' }],
        affinity: { podAntiAffinity: {} },
      },
    },
  })
  // An agent takes three seconds at most (`leaveGraceMs`), a run four.
  for (const pod of podsOf(all())) expect(pod.spec.terminationGracePeriodSeconds, pod.name).toBeGreaterThan(5)
})

test('there is one controller at a time, it keeps its runs when its pod goes, and what asks whether it is well asks as it listens', () => {
  const controller = rendered.get('base')?.find(({ kind }) => kind === 'Deployment')
  expect(controller).toMatchObject({ metadata: { name: 'squall-serve' }, spec: { replicas: 1, strategy: { type: 'Recreate' } } })
  const [container] = podsOf(controller === undefined ? [] : [controller]).flatMap(containersOf)
  const at = (name: string): string | undefined => container?.command?.[container.command.indexOf(name) + 1]
  expect(container?.volumeMounts).toContainEqual({ name: 'runs', mountPath: at('--data') })
  expect(container?.volumeMounts).toContainEqual({ name: 'packs', mountPath: at('--packs'), readOnly: true })
  const service = rendered.get('base')?.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'squall-serve')
  expect(at('--allow-host')).toBe(service?.metadata.name)
  expect(service?.['spec']).toMatchObject({ ports: [{ port: 8089, targetPort: 'http' }] })
  expect(container).toMatchObject({
    ports: [{ name: 'http', containerPort: 8089 }],
    livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
  })
})

test('the overlay for a hundred agents differs from the base in nothing but its size, its zones and its target', () => {
  expect(job('overlays/hundred-agents', 'squall-agents')?.['spec']).toMatchObject({
    completions: 100,
    parallelism: 100,
    template: {
      spec: {
        topologySpreadConstraints: [{ topologyKey: 'topology.kubernetes.io/zone' }, { topologyKey: 'kubernetes.io/hostname' }],
      },
    },
  })
  const settings = rendered.get('overlays/hundred-agents')?.find(({ metadata }) => /^squall-\w+$/.test(metadata.name))
  expect(settings?.['data']).toMatchObject({ SQUALL_AGENTS: '100', SQUALL_ALLOW_TARGET: 'mcp.staging.example.com' })
  const names = (kustomization: string): readonly string[] =>
    (rendered.get(kustomization) ?? []).map(({ kind, metadata }) => `${kind} ${metadata.name.replace(/-[a-z0-9]{10}$/, '')}`)
  expect(names('overlays/hundred-agents').toSorted()).toEqual(names('base').toSorted())
})
