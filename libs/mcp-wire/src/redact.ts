const replacement = '***'
const secretNames = 'authorization|password|passwd|passcode|secret|token|api[_-]?key|apikey|private[_-]?key|credential|cookie'

/** A JSON member or a form field whose name gives it away; the value in group 2 or 3. */
const secretMembers = new RegExp(`("[^"]*(?:${secretNames})[^"]*"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|[^",}\\]\\s]+)`, 'gi')
const secretFields = new RegExp(`\\b((?:[\\w-]*(?:${secretNames})[\\w-]*)\\s*=\\s*)[^\\s&;,"']+`, 'gi')
const bearers = /\b((?:Bearer|Basic)\s+)[\w.~+/-]+=*/gi
const webTokens = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g
const urlPasswords = /(\/\/[^\s/:@"]+:)[^\s/@"]+(?=@)/g

/** A text without what looks like a secret in it: by the name it stands under, or by its own shape. */
export function redact(text: string): string {
  return text
    .replaceAll(secretMembers, `$1"${replacement}"`)
    .replaceAll(secretFields, `$1${replacement}`)
    .replaceAll(bearers, `$1${replacement}`)
    .replaceAll(webTokens, replacement)
    .replaceAll(urlPasswords, `$1${replacement}`)
}
