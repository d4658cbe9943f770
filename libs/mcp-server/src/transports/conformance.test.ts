import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { conformanceTools } from '../test/conformance-tools.ts'
import { closeAll, selectOne, serveHttp } from '../test/http-server.ts'

afterEach(closeAll)

const conformance = fileURLToPath(new URL('../../../../node_modules/.bin/conformance', import.meta.url))

// The suite's scenarios that need tools made for it; those that any server must pass are run against the real program.
const withTools = [
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-error',
  'tools-call-with-progress',
  'json-schema-2020-12',
]

test.each(['2025-11-25', '2026-07-28'])(
  'every scenario of tools of the official conformance suite passes at %s',
  async (version) => {
    const { url } = await serveHttp(selectOne, {}, { wrap: conformanceTools })
    for (const scenario of withTools) {
      const args = ['server', '--url', url, '--scenario', scenario, '--spec-version', version]
      const { stdout, stderr } = await promisify(execFile)(conformance, args)
      expect(stdout + stderr, scenario).toMatch(/\b0 failed/)
    }
  },
  120_000,
)
