import { readFileSync } from 'node:fs'
import { makeCertificates } from '@squall/testing'

/** The files that the examples in the documents name, by their paths. */
export function exampleFiles(): Readonly<Record<string, string>> {
  using certificates = makeCertificates()
  const { ca, client } = certificates
  return {
    'data/queries.csv': 'sql,limit\nSELECT 1,10\n',
    'data/cities.csv': 'Bern;CH\n',
    'data/users.jsonl': '{"user":"ada"}\n',
    'certs/ca.pem': readFileSync(ca, 'utf8'),
    'certs/client.pem': readFileSync(client.cert, 'utf8'),
    'certs/client-key.pem': readFileSync(client.key, 'utf8'),
    'waves.ts': 'export const shape = ({ peak, durationMs }) => [{ name: "wave", durationMs, from: 0, to: peak }]\n',
    'functions.ts': 'export function prepare() {}\n',
  }
}
