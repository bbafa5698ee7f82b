import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** What is kept for work without network: the pages with their styles, fonts and icons. PDF.js reads PDFs, which need the network. */
const kept = /^(index\.html|favicon\.svg|manifest\.webmanifest|icons\/.+\.png|assets\/(?!pdf\.).+\.(js|css|woff2))$/

/** Writes `sw.js` beside `index.html`: worker.js with the names of what it keeps, and a version that is their content's. */
export function serviceWorker(): Plugin {
  let folder = ''
  return {
    name: 'korrigo-service-worker',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    closeBundle: {
      sequential: true,
      handler() {
        const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter(name => kept.test(name) && !/latin-ext|cyrillic|greek|vietnamese/.test(name))
          .sort()
        const worker = readFileSync(join(import.meta.dirname, 'worker.js'), 'utf8')
        const version = createHash('sha256').update(worker)
        for (const name of names) version.update(name).update(readFileSync(join(folder, name)))
        writeFileSync(
          join(folder, 'sw.js'),
          worker
            .replace('__VERSION__', version.digest('hex').slice(0, 12))
            .replace('__FILES__', JSON.stringify(names.map(name => `/${name}`))),
        )
      },
    },
  }
}
