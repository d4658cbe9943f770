import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A key and a certificate for 127.0.0.1, good for a day. */
export interface SelfSigned {
  readonly keyFile: string
  readonly certificateFile: string
}

/** Makes a certificate in a directory with the `openssl` command. @throws Error where there is none. */
export function makeSelfSigned(directory: string): SelfSigned {
  const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
  const names = Array.from({ length: 8 }, (_, index) => `IP:127.0.0.${index + 1}`).join(',')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const certificate = [
    '-x509',
    '-days',
    '1',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    `subjectAltName=${names}`,
    '-out',
    certificateFile,
  ]
  execFileSync('openssl', ['req', ...key, ...certificate], { stdio: ['ignore', 'ignore', 'pipe'] })
  return { keyFile, certificateFile }
}
