import { defineErrors, exitCodes } from '@squall/errors'

export const engineErrors = defineErrors({
  ENGINE_PACK_IS_CLOSED: {
    summary:
      'Stock Artillery was given a pack whose load stands in config.squall and not in config.phases; it would run a single client in silence.',
    hint: 'Run it with `squall run PACK`, or give the pack `config.phases`.',
    exitCode: exitCodes.badInput,
  },
  ENGINE_HOOK_TIMEOUT: {
    summary: 'A function of the processor, or of a plugin, neither called back nor settled its promise in time.',
    hint: 'Let it call its last argument, or be async and return; config.mcp.timeout says how long it may take.',
    exitCode: exitCodes.badInput,
  },
  ENGINE_NO_SCENARIO: {
    summary: 'The scenario could not be made into a client.',
    hint: 'Run `squall run` with the same pack to see why.',
    exitCode: exitCodes.internal,
  },
})
