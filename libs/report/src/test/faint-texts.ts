export interface TextsSeen {
  readonly seen: number
  /** Each with its contrast. */
  readonly faint: readonly string[]
}

/** Runs in the page and gives `TextsSeen`: the texts whose colour is too close to what lies behind them (WCAG 2.2, 1.4.3). */
export const faintTexts = `(() => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const paint = (colors) => {
    // Where nothing is painted, as in print, the paper is white.
    for (const color of ['#fff', ...colors]) { context.fillStyle = color; context.fillRect(0, 0, 1, 1) }
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    const colors = []
    for (let at = element; at; at = at.parentElement) colors.unshift(getComputedStyle(at).backgroundColor)
    return colors
  }
  const faint = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let seen = 0
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim()
    const element = walker.currentNode.parentElement
    if (text === '' || !element.checkVisibility() || element.closest('script, style, .unseen, svg title, details:not([open]) > :not(summary)')) continue
    seen++
    const style = getComputedStyle(element)
    const colors = behind(element)
    const ink = luminance(paint([...colors, element.closest('svg') ? style.fill : style.color]))
    const paper = luminance(paint(colors))
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
    if (contrast < 4.5) faint.push(text + ' ' + contrast.toFixed(2))
  }
  return { seen, faint }
})()`
