import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './html.ts'
import { inlineData, inlineScript, inlineStyle } from './inline.ts'

test('values are text, markup stays markup, lists are joined, and nothing is nothing', () => {
  const item = html`<li>${'a < b & "c"'}</li>`
  const list = html`<ul class="${"it's"}">
    ${[item, item]}${false}${undefined}${7}
  </ul>`
  expect(list.toString().replaceAll(/\s*\n\s*/g, '')).toBe(
    '<ul class="it&#39;s"><li>a &lt; b &amp; &quot;c&quot;</li><li>a &lt; b &amp; &quot;c&quot;</li>7</ul>',
  )
})

test('no text opens a tag, ends an attribute or reorders the page', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(html`${text}`.toString()).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)|\p{Bidi_Control}|\p{Cs}/u)
    }),
  )
})

test('data in a page reads back as it was, and cannot end its script', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', '</script>', '<!--', '<script>'), (value, text) => {
      const markup = inlineData('data', { value, text }).toString()
      const body = markup.slice(markup.indexOf('>') + 1, -'</script>'.length)
      expect(body).not.toContain('<')
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify({ value, text })))
    }),
  )
})

test('a script or style of ours that mentions its own end stays whole, and its policy fits what is written', () => {
  const script = inlineScript('const a = "</script>", b = "<!--"')
  expect(script.element.toString()).toBe(String.raw`<script>const a = "\x3c/script>", b = "\x3c!--"</script>`)
  expect(script.source).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/)
  expect(inlineStyle('/* </style> */').element.toString()).toBe(String.raw`<style>/* <\/style> */</style>`)
})
