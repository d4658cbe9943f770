import stringWidth from 'string-width'

// A colour sequence counts for nothing on screen; everything else is measured.
// oxlint-disable-next-line no-control-regex -- colour sequences begin with the escape character
const colourSequence = /(\u001b\[[0-9;]*m)/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Cuts a line, colours and all, to a width on screen, with `…` where something went missing. */
export function fitLine(line: string, width: number): string {
  if (stringWidth(line) <= width) return line
  if (width < 1) return ''
  let left = width - 1
  let isCut = false
  const keep = (text: string): string => {
    let kept = ''
    for (const { segment } of graphemes.segment(text)) {
      const wide = stringWidth(segment)
      isCut ||= wide > left
      if (isCut) break
      left -= wide
      kept += segment
    }
    return kept
  }
  // The text is at the even places. Colours behind the cut stay, so that what was switched on is switched off.
  const parts = line.split(colourSequence).map((part, index) => (index % 2 === 1 ? part : keep(part)))
  return `${parts.join('')}…`
}
