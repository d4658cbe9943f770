import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from './temporary-directory.ts'

/** Where a certificate of a test and its key lie, both in PEM. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** An authority of one test's own, and what it has signed. */
export interface Certificates extends Disposable {
  readonly directory: string
  readonly ca: string
  /** For 127.0.0.1 and localhost. */
  readonly server: CertificateFiles
  readonly client: CertificateFiles
  /** For 127.0.0.1, of another authority than `ca`. */
  readonly stranger: CertificateFiles
}

/** Makes certificates with openssl, valid for a day, in a directory that `dispose` removes. */
export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'squall-certificates-'))
  const authority = makeAuthority(directory, 'ca')
  const others = makeAuthority(directory, 'other-ca')
  return {
    directory,
    ca: authority.cert,
    server: sign(directory, 'server', authority, 'subjectAltName=IP:127.0.0.1,DNS:localhost'),
    client: sign(directory, 'client', authority, 'extendedKeyUsage=clientAuth'),
    stranger: sign(directory, 'stranger', others, 'subjectAltName=IP:127.0.0.1'),
    [Symbol.dispose]: () => removeDirectory(directory),
  }
}

/** The texts of a pair, as servers take them. */
export const readPair = ({ cert, key }: CertificateFiles): { readonly cert: string; readonly key: string } => ({
  cert: readFileSync(cert, 'utf8'),
  key: readFileSync(key, 'utf8'),
})

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function makeAuthority(directory: string, name: string): CertificateFiles {
  const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) }
  openssl('req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, '-keyout', files.key, '-out', files.cert)
  return files
}

function sign(directory: string, name: string, authority: CertificateFiles, extension: string): CertificateFiles {
  const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) }
  const [request, extensions] = [join(directory, `${name}.csr`), join(directory, `${name}.ext`)]
  writeFileSync(extensions, extension)
  openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', files.key, '-out', request)
  const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-days', '1', '-extfile', extensions]
  openssl('x509', '-req', '-in', request, '-out', files.cert, ...by)
  return files
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
