/**
 * Text that is cut off without a mark of it, and names of words where the words should be. Runs in the page; `groups`
 * are the first parts of names of words.
 */
export function textFaults(groups: string[]): string[] {
  const found: string[] = []
  const shape = /^([a-z][a-z_]*)(\.[A-Za-z_]+){1,4}$/
  // Files and users may be called like that, too.
  const isFile = /\.(csv|pdf)$/
  const nameOfWords = { test: (text: string) => groups.includes(shape.exec(text)?.[1] ?? '') && !isFile.test(text) }
  const said = (text: string | null) => (text ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)

  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const label = said(element.getAttribute('aria-label'))
    if (nameOfWords.test(label)) found.push(`no words for "${label}"`)
    const own = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
    const text = said(own.map(node => node.textContent).join(' '))
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (!text || box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue
    if (nameOfWords.test(text) && !style.fontFamily.includes('mono')) found.push(`no words for "${text}"`)
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip'
    // An ellipsis says that there is more; so does a clamp of lines.
    if (!hides || style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') continue
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2) {
      found.push(`"${text}" is cut off`)
    }
  }
  return [...new Set(found)]
}
