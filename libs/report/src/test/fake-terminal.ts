import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
// oxlint-disable-next-line no-control-regex -- control sequences are what a terminal reads
const sequence = /^\u001b\[(\??)(\d*)([A-Za-z])/

/**
 * A terminal that understands what the live view writes: text with wrapping, line feed and carriage return, cursor up, clearing, and
 * the modes for the cursor and synchronised output. Anything else is refused, so that nothing is written unseen.
 */
export class FakeTerminal {
  columns: number
  readonly rows: number
  isCursorShown = true
  isFrameOpen = false
  /** How many frames were drawn. */
  frames = 0
  #lines: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number, rows = 24) {
    this.columns = columns
    this.rows = rows
  }

  write(text: string): boolean {
    let rest = text
    while (rest !== '') rest = this.#step(rest)
    return true
  }

  /** What stands on the screen and above it, without empty lines at the end. */
  get text(): string {
    return this.#lines
      .map((line) =>
        line
          .map((cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd()
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column }
  }

  /** Makes the window narrower or wider; lines that no longer fit are wrapped, as terminals do. */
  resize(columns: number): void {
    const above = this.#lines.slice(0, this.#row).reduce((sum, line) => sum + rowsOf(line, columns), 0)
    this.#lines = this.#lines.flatMap((line) =>
      Array.from({ length: rowsOf(line, columns) }, (_, index) => line.slice(index * columns, (index + 1) * columns)),
    )
    this.#row = above
    this.columns = columns
  }

  #step(text: string): string {
    const control = sequence.exec(text)
    if (control) {
      this.#control(control[1] === '?', control[2] ?? '', control[3] ?? '')
      return text.slice(control[0].length)
    }
    const [first] = graphemes.segment(text)
    const character = first?.segment ?? ''
    if (character === '\n') this.#lineFeed()
    else if (character === '\r') this.#column = 0
    else this.#put(character)
    return text.slice(character.length)
  }

  #control(isPrivate: boolean, argument: string, letter: string): void {
    const command = `${isPrivate ? '?' : ''}${isPrivate ? argument : ''}${letter}`
    const line = this.#lines[this.#row] ?? []
    if (command === 'm') return
    if (command === 'A') this.#row = Math.max(0, this.#row - Number(argument || '1'))
    else if (command === 'K') line.length = Math.min(line.length, this.#column)
    else if (command === 'J') {
      line.length = Math.min(line.length, this.#column)
      this.#lines.length = this.#row + 1
    } else if (command === '?25l' || command === '?25h') this.isCursorShown = letter === 'h'
    else if (command === '?2026h' || command === '?2026l') {
      this.isFrameOpen = letter === 'h'
      if (!this.isFrameOpen) this.frames++
    } else throw new Error(`the terminal does not know ${command}`)
  }

  #put(character: string): void {
    if (/\p{Cc}/u.test(character)) throw new Error(`the terminal was sent ${JSON.stringify(character)}`)
    const width = stringWidth(character)
    if (this.#column + width > this.columns) this.#lineFeed()
    const line = this.#lines[this.#row] ?? []
    while (line.length < this.#column) line.push(' ')
    line[this.#column] = character
    for (let extra = 1; extra < width; extra++) line[this.#column + extra] = ''
    this.#column += width
  }

  #lineFeed(): void {
    this.#row++
    this.#column = 0
    this.#lines[this.#row] ??= []
  }
}

const rowsOf = (line: readonly string[], columns: number): number => Math.max(1, Math.ceil(line.length / columns))
