import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const source = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'wasm')

/** Puts the picture decoders of PDF.js at `/pdf-decoders/`, where its worker fetches those a PDF needs. */
export function pdfDecoders(): Plugin {
  const names = readdirSync(source).filter(name => /^(jbig2|openjpeg|qcms).*\.(wasm|js)$/.test(name))
  return {
    name: 'korrigo-pdf-decoders',
    generateBundle() {
      for (const name of names) {
        this.emitFile({ type: 'asset', fileName: `pdf-decoders/${name}`, source: readFileSync(join(source, name)) })
      }
    },
  }
}
