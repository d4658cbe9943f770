import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Problem } from '@squall/errors'
import type { TlsPlan } from '@squall/load-plan'
import type { ReadOverrides } from './overrides.ts'
import type { OverrideName, PackOverrides } from './pack.ts'
import type { PackCheck } from './pack-check.ts'
import type { TlsSection } from './sections/connection-section.ts'

export interface TlsInput {
  /** `config.tls`. */
  readonly written: TlsSection
  /** What its paths are relative to. */
  readonly directory: string
  readonly overrides: ReadOverrides
  readonly given: PackOverrides
}

type FileName = 'ca' | 'cert' | 'key'

/** Where something was written, and how a problem with it is noted. */
interface Place {
  readonly path: string
  readonly refuse: (problem: Omit<Problem, 'where'>) => undefined
}

/** Reads the files that secure connections need and checks that they fit each other; undefined where nothing is said of TLS. */
export function readTls(input: TlsInput, check: PackCheck): TlsPlan | undefined {
  const { written, overrides } = input
  const passphrase = overrides.passphrase ?? written.passphrase
  const [ca, cert] = [readCertificate('ca', input, check), readCertificate('cert', input, check)]
  const key = readKey(input, passphrase, check)
  checkPair({ ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), passphrase }, input, check)
  const serverName = overrides.serverName ?? written.serverName
  const rejectUnauthorized = overrides.insecure === undefined ? written.rejectUnauthorized : !overrides.insecure
  const tls: TlsPlan = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(serverName !== undefined && { serverName }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  }
  return Object.keys(tls).length > 0 ? tls : undefined
}

function placeOf(name: FileName, { written, directory, overrides, given }: TlsInput, check: PackCheck): Place | undefined {
  const override = overrides[name]
  if (override !== undefined) {
    const where = given[name]?.where ?? ''
    return { path: resolve(override), refuse: (problem) => check.add({ where, value: override, ...problem }) as undefined }
  }
  const own = written[name]
  if (own === undefined) return undefined
  const refuse: Place['refuse'] = (problem) => check.at(['config', 'tls', name], { value: own, ...problem }) as undefined
  return { path: resolve(directory, own), refuse }
}

function readText({ path, refuse }: Place): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return refuse({ expected: 'a file that can be read', hint: (error as Error).message })
  }
}

function readCertificate(name: 'ca' | 'cert', input: TlsInput, check: PackCheck): string | undefined {
  const place = placeOf(name, input, check)
  const pem = place && readText(place)
  if (place === undefined || pem === undefined) return undefined
  try {
    void new X509Certificate(pem)
    return pem
  } catch (error) {
    return place.refuse({ expected: 'a file with certificates in PEM', hint: (error as Error).message })
  }
}

function readKey(input: TlsInput, passphrase: string | undefined, check: PackCheck): string | undefined {
  const place = placeOf('key', input, check)
  const pem = place && readText(place)
  if (place === undefined || pem === undefined) return undefined
  try {
    createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) })
    return pem
  } catch {
    // What OpenSSL says of a wrong pass phrase helps nobody.
    return place.refuse({ expected: 'a file with a private key in PEM, and its pass phrase where it is encrypted' })
  }
}

interface Pair {
  readonly cert?: string
  readonly key?: string
  readonly passphrase: string | undefined
}

/** A certificate is of no use without its key, and a key not without its certificate. */
function checkPair({ cert, key, passphrase }: Pair, input: TlsInput, check: PackCheck): void {
  const isNamed = (name: OverrideName & FileName): boolean =>
    input.overrides[name] !== undefined || input.written[name] !== undefined
  if (isNamed('cert') !== isNamed('key')) {
    const [present, absent] = isNamed('cert') ? (['cert', 'key'] as const) : (['key', 'cert'] as const)
    placeOf(present, input, check)?.refuse({ expected: `${absent} beside it: a certificate and its key go together` })
  }
  if (cert === undefined || key === undefined) return
  const privateKey = createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) })
  if (!new X509Certificate(cert).checkPrivateKey(privateKey))
    placeOf('key', input, check)?.refuse({ expected: 'the key of the certificate given beside it' })
}
