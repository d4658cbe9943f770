// Lets the reader choose light or dark; `auto` follows the system. Whatever drew with colours listens for `themechange`.
{
  const schemes = { auto: 'light dark', light: 'light', dark: 'dark' }

  /** @param {string} name */
  const show = (name) => {
    document.documentElement.style.colorScheme = schemes[/** @type {keyof typeof schemes} */ (name)]
    dispatchEvent(new Event('themechange'))
  }

  for (const choice of document.querySelectorAll('input[name=theme]')) {
    choice.addEventListener('change', () => show(/** @type {HTMLInputElement} */ (choice).value))
  }
  // A browser may remember the choice across a reload.
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=theme]:checked'))
  if (chosen) show(chosen.value)

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')))
  // Paper is white, whatever the screen was.
  addEventListener('beforeprint', () => show('light'))
  addEventListener('afterprint', () => {
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=theme]:checked'))
    show(chosen?.value ?? 'auto')
  })
}
