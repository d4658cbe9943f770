import type { Manifest } from './deploy-files.ts'

export interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } }
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly Variable[]
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[]
  readonly resources?: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[]
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly terminationGracePeriodSeconds: number
  readonly [part: string]: unknown
}

export interface Pod {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly spec: PodSpec
}

interface Workload {
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec }
}

const workloads: ReadonlySet<string> = new Set(['Job', 'Deployment', 'StatefulSet'])

/** The pods that manifests ask for. */
export const podsOf = (manifests: readonly Manifest[]): readonly Pod[] =>
  manifests
    .filter(({ kind }) => workloads.has(kind))
    .map(({ metadata, spec }) => {
      // The types of Kubernetes were checked before.
      const { template } = spec as Workload
      return { name: metadata.name, labels: template.metadata.labels, spec: template.spec }
    })

export const containersOf = ({ spec }: Pod): readonly Container[] => [...(spec.initContainers ?? []), ...spec.containers]

interface Volume {
  readonly configMap?: { readonly name: string }
  readonly secret?: { readonly secretName: string }
  readonly persistentVolumeClaim?: { readonly claimName: string }
}

/** Everything a pod refers to: `ConfigMap NAME`, `PersistentVolumeClaim NAME`, `Secret NAME`, and `Secret NAME KEY`. */
export function referencesOf(pod: Pod): readonly string[] {
  const { volumes = [] } = pod.spec as { readonly volumes?: readonly Volume[] }
  const containers = containersOf(pod)
  const keys = containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.secretKeyRef))
  const configs = containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef))
  return [
    ...volumes.map(({ configMap }) => configMap && `ConfigMap ${configMap.name}`),
    ...volumes.map(({ secret }) => secret && `Secret ${secret.secretName}`),
    ...volumes.map(
      ({ persistentVolumeClaim }) => persistentVolumeClaim && `PersistentVolumeClaim ${persistentVolumeClaim.claimName}`,
    ),
    ...configs.map(({ name }) => `ConfigMap ${name}`),
    ...keys.map((reference) => reference && `Secret ${reference.name} ${reference.key}`),
  ].filter((reference) => reference !== undefined)
}
