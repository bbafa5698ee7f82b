import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const asGzip = promisify(gzip)
const asBrotli = promisify(brotliCompress)
/** Files under this many bytes gain nothing. */
const smallest = 1024
const compressible = /\.(html|js|mjs|css|svg|json|txt|webmanifest|wasm)$/

/**
 * Writes `x.br` and `x.gz` beside every text file of the build, so that the server compresses nothing while it serves.
 */
export function compress(): Plugin {
  let folder = ''
  return {
    name: 'korrigo-compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => compressible.test(name))
        await Promise.all(names.map(name => writeVariants(join(folder, name))))
      },
    },
  }
}

async function writeVariants(path: string): Promise<void> {
  const bytes = readFileSync(path)
  if (bytes.length < smallest) return
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  const [zipped, smaller] = await Promise.all([asGzip(bytes, { level: 9 }), asBrotli(bytes, quality)])
  writeFileSync(`${path}.gz`, zipped)
  writeFileSync(`${path}.br`, smaller)
}
