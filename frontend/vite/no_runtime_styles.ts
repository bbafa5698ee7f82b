import type { Plugin } from 'vite'

const nothing = '\0korrigo-nothing'

/**
 * Nuxt UI writes its colour scales into a `<style>` element when the page starts, which `style-src 'self'` refuses.
 * Ours stand in src/styles/main.css, so that plugin, and the keeper of the page's head that it writes through, are
 * replaced by one that does nothing.
 */
export function noRuntimeStyles(): Plugin {
  return {
    name: 'korrigo-no-runtime-styles',
    enforce: 'pre',
    resolveId(id) {
      return /@nuxt\/ui\/dist\/runtime\/(plugins\/colors|vue\/plugins\/head)(\.\w+)?$/.test(id) ? nothing : undefined
    },
    load(id) {
      return id === nothing ? 'export default { install() {} }' : undefined
    },
  }
}
