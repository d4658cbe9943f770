import { nearestName, type Problem } from '@squall/errors'
import { shownTarget } from '@squall/load-plan'
import { createCsvExport } from './csv-export.ts'
import type { NumbersExport } from './numbers-export.ts'
import { createOtlpExport } from './otlp-export.ts'
import { createPrometheusExport } from './prometheus-export.ts'

/** What exports need to know of the program they run in. */
export interface ExportContext {
  readonly squallVersion: string
  /** Where `OTEL_EXPORTER_OTLP_HEADERS` is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

interface ExportKind {
  readonly name: string
  readonly expected: string
  /** @returns undefined where it cannot go there, or what else is wrong. */
  create(where: string, context: ExportContext): NumbersExport | Omit<Problem, 'where'> | undefined
}

/** Every kind of live export: to add one, write its file and list it here. */
const exportKinds: readonly ExportKind[] = [
  {
    name: 'csv',
    expected: 'csv=FILE',
    create: (where) => (where === '' ? undefined : createCsvExport(where)),
  },
  {
    name: 'prometheus',
    expected: 'prometheus=HOST:PORT, or prometheus=PORT on 127.0.0.1',
    create: (where) => {
      const address = toListenAddress(where)
      return address && createPrometheusExport(where, address)
    },
  },
  {
    name: 'otlp',
    expected: 'otlp=http://HOST:PORT of an OpenTelemetry collector',
    create: (where, { squallVersion, environment }) => {
      const endpoint = URL.parse(where)
      if (endpoint === null || !/^https?:$/.test(endpoint.protocol)) return undefined
      const headers = toHeaders(environment['OTEL_EXPORTER_OTLP_HEADERS'] ?? '')
      if (typeof headers === 'string') return { expected: headers, hint: 'write a percent sign as %25' }
      return createOtlpExport(shownTarget(where), { endpoint, headers, squallVersion })
    },
  },
]

const kindNames = exportKinds.map(({ name }) => name)

/** Reads `csv=numbers.csv`. @returns the export, or what is wrong. */
export function parseExport(text: string, context: ExportContext): NumbersExport | Omit<Problem, 'where'> {
  const at = text.indexOf('=')
  const [name, where] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).trim()]
  const kind = exportKinds.find((one) => one.name === name.trim())
  if (kind === undefined) {
    const nearest = nearestName(name, kindNames)
    const expected = `one of ${exportKinds.map((one) => one.expected).join('; ')}`
    return { value: shownTarget(text), expected, ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }) }
  }
  return kind.create(where, context) ?? { value: shownTarget(text), expected: kind.expected }
}

const loopback = '127.0.0.1'

function toListenAddress(where: string): { readonly host: string; readonly port: number } | undefined {
  const [, ipv6, host, port = ''] = /^(?:(?:\[([^\]]+)]|([^:]*)):)?(\d{1,5})$/.exec(where) ?? []
  if (port === '' || Number(port) > 65_535) return undefined
  return { host: ipv6 ?? (host === undefined || host === '' ? loopback : host), port: Number(port) }
}

/**
 * `key=value,key=value`, values percent-encoded, as the OpenTelemetry specification has it.
 * @returns what is expected instead where a header cannot be read; its value may be a secret and is not repeated.
 */
function toHeaders(text: string): Record<string, string> | string {
  const headers = new Headers()
  for (const [written = '', ...value] of text.split(',').map((pair) => pair.split('='))) {
    const name = written.trim()
    try {
      if (name !== '') headers.set(name, decodeURIComponent(value.join('=').trim()))
    } catch {
      return `OTEL_EXPORTER_OTLP_HEADERS as key=value,key=value with percent-encoded values; "${name}" is not so`
    }
  }
  return Object.fromEntries(headers)
}
