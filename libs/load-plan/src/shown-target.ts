/**
 * A target, or the address of a proxy, as messages and reports show it: the credentials a URL may carry, before its host and in its
 * query, are hidden, also in what only looks like a URL. A command line is shown as it is, but for the credentials of URLs within it.
 */
export function shownTarget(target: string): string {
  const url = URL.parse(target)
  if (url === null || url.host === '') return target.replaceAll(urlCredentials, `//${hidden}@`)
  const credentials = url.username === '' && url.password === '' ? '' : `${hidden}@`
  const names = [...url.searchParams.keys()]
  if (credentials === '' && names.length === 0) return target
  const query = names.map((name) => `${encodeURIComponent(name)}=${hidden}`).join('&')
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${query && `?${query}`}`
}

const hidden = '***'
// Up to the last @ before the path, as browsers read it.
const urlCredentials = /\/\/[^\s/?#]*@/g
