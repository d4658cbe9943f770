// Settings for every test, of the whole workspace (`npm test`) or of one package (`npm test -w @squall/pool`).
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/dist/**'],
    setupFiles: ['take-coverage', 'wait-patiently'].map((name) => fileURLToPath(new URL(`tools/${name}.ts`, import.meta.url))),
    // Node itself strips the types, in tests as in production: one coverage format for test workers and child processes.
    experimental: { viteModuleRunner: false },
    // Many tests start real programs, on machines with two cores.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
