/**
 * A target as messages and reports show it: the credentials a URL may carry, before its host and in its query, are hidden.
 * What is no web address, such as a command line, is shown as it is.
 */
export function shownTarget(target: string): string {
  const url = URL.parse(target)
  if (url === null || !/^https?:$/.test(url.protocol)) return target
  const credentials = url.username === '' && url.password === '' ? '' : `${hidden}@`
  const names = [...url.searchParams.keys()]
  if (credentials === '' && names.length === 0) return target
  const query = names.map((name) => `${encodeURIComponent(name)}=${hidden}`).join('&')
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${query && `?${query}`}`
}

const hidden = '***'
