import { defineErrors, exitCodes } from '@squall/errors'

export const packErrors = defineErrors({
  PACK_NOT_FOUND: {
    summary: 'There is no pack at the path given.',
    hint: 'Name a pack file, or a folder that holds a pack.yml.',
    exitCode: exitCodes.badInput,
  },
  PACK_UNREADABLE: {
    summary: 'The pack is not well-formed YAML or JSON, or cannot be read.',
    hint: 'Mend the places listed.',
    exitCode: exitCodes.badInput,
  },
  PACK_INVALID: {
    summary: 'The pack, or an option that overrides it, holds unknown keys or wrong values.',
    hint: 'Mend the places listed; artillery/packs holds packs that work.',
    exitCode: exitCodes.badInput,
  },
})
