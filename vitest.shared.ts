// Settings for the tests of one package: `npm test -w @squall/pool`.
import { defineConfig } from 'vitest/config'

const conditions = ['@squall/source']
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['src/**/*.test.ts'], passWithNoTests: false },
})
