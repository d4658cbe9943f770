/** A bar of `width` cells filled to a share from 0 to 1; what is beyond either end is cut. */
export function renderProgressBar(share: number, width: number): { readonly done: string; readonly left: string } {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width)
  return { done: '━'.repeat(filled), left: '━'.repeat(width - filled) }
}
