import { z } from 'zod'
import { oneOf, text, wholeNumber } from '../fields.ts'

const roots = z.array(
  z.strictObject({ uri: text('a URI such as file:///data'), name: text('a name').exactOptional() }, 'a root with its uri'),
  'a list of roots such as { uri: file:///data }',
)

const sampling = z.strictObject(
  { text: z.string('what the model would have said'), model: text('the name of a model').exactOptional() },
  'a mapping with the text that the model would have said',
)

const content = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())], 'a text, a number, true, false or a list of texts'),
  'the values of fields by their names',
)

const elicitation = z.union(
  [
    oneOf(['accept', 'decline', 'cancel']).transform((action) => ({ action })),
    z.strictObject({ action: oneOf(['accept', 'decline', 'cancel']), content: content.exactOptional() }),
  ],
  'accept, decline, cancel, or a mapping with one of them as its action',
)

/** `mcp.answers`: what clients say when the server asks them. */
export const answersSection = z.strictObject(
  {
    roots: roots.exactOptional(),
    sampling: sampling.exactOptional(),
    elicitation: elicitation.exactOptional(),
    /** How many times a call that needs input is tried again with it, in the newest era. */
    inputRounds: wholeNumber(0).exactOptional(),
  },
  'a mapping of answers: roots, sampling and elicitation',
)
