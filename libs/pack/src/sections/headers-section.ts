import { findHeaderNameMistake, findTemplateMistakes, isHeaderText, withoutTemplates } from '@squall/virtual-client'
import { z } from 'zod'

const text = z.union([z.string(), z.number().transform(String)], 'the text of a header')

/** Headers of the user's own. What they hold may be a credential, so messages tell no values. */
export const headersSection = z.record(z.string(), text, 'a mapping of header names to text').superRefine((headers, context) => {
  const names = Object.keys(headers)
  for (const [name, value] of Object.entries(headers)) {
    const namesake = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase())
    const mistake =
      findHeaderNameMistake(name) ??
      (namesake === undefined ? undefined : `each header once: it stands there as ${namesake} too`) ??
      findTemplateMistakes(value, '')[0]?.expected ??
      (isHeaderText(withoutTemplates(value)) ? undefined : 'text of one line, without letters beyond ASCII')
    if (mistake !== undefined) context.addIssue({ code: 'custom', path: [name], message: mistake })
  }
})
