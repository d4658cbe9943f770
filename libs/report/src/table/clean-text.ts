// Control characters, and the Unicode marks that reorder text: a target's words must not steer the reader's terminal.
const unsafe = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]+/gu

/** One line of text that is safe to print: whatever controls a terminal or reorders text becomes a space. */
export const cleanText = (text: string): string => text.replace(unsafe, ' ').trim()

/** The same for several lines, which stay apart. */
export const cleanLines = (text: string): string => text.split('\n').map(cleanText).join('\n')
