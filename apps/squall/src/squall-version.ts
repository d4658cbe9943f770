import { readFileSync } from 'node:fs'

// Our own manifest, which has one.
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

export const squallVersion: string = manifest.version
