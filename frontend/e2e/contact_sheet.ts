import type { View } from './browser.ts'

export interface Picture {
  name: string
  /** The file beside the sheet, without its ending. */
  picture: string
  view: View
}

const styles = `body { font: 14px system-ui; margin: 2rem; background: #e8ecef }
  section { margin-bottom: 2.5rem } div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start }
  figure { margin: 0 } img { height: 260px; border: 1px solid #b8c2ca; background: #fff } figcaption { color: #445 }`

/** A page that shows every picture, those of one place beside one another. */
export function contactSheet(pictures: readonly Picture[]): string {
  const sections = [...Map.groupBy(pictures, one => one.name)].map(
    ([name, all]) => `<section><h2>${name}</h2><div>${all.map(figure).join('')}</div></section>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>Korrigo</title><style>${styles}</style>${sections.join('\n')}`
}

const figure = ({ picture, view }: Picture) =>
  `<figure><a href="${picture}.png"><img src="${picture}.png" loading="lazy" alt=""></a>
  <figcaption>${view.width} ${view.theme} ${view.locale}</figcaption></figure>`
