import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { compress } from './vite/compress.ts'
import { noRuntimeStyles } from './vite/no_runtime_styles.ts'
import { pdfDecoders } from './vite/pdf_decoders.ts'
import { serviceWorker } from './vite/service_worker.ts'

const server = process.env.KORRIGO_URL ?? 'http://127.0.0.1:8088'

/** A button's words keep 4.5 : 1 while the pointer is on it; Nuxt UI lets three quarters of the colour. */
const legibleUnderThePointer = (['primary', 'success', 'info', 'warning', 'error'] as const).map(color => ({
  ...{ color, variant: 'solid' as const },
  class: `hover:bg-${color}/90 active:bg-${color}/90`,
}))

export default defineConfig({
  plugins: [
    noRuntimeStyles(),
    vue(),
    ui({
      autoImport: false,
      components: { dts: 'src/components.d.ts', dirs: [] },
      colorMode: false,
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] } } },
      experimental: { componentDetection: true },
      ui: { colors: { primary: 'primary', neutral: 'slate' }, button: { compoundVariants: legibleUnderThePointer } },
      theme: { colors: ['primary', 'success', 'info', 'warning', 'error'] },
    }),
    pdfDecoders(),
    serviceWorker(),
    compress(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // Only what `@/i18n` uses of it.
  define: { __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
  server: {
    // The server compares Origin with Host, so the browser's Host is passed on.
    proxy: {
      '/api': { target: server, changeOrigin: false },
      '/ws': { target: server, changeOrigin: false, ws: true },
    },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.spec.ts'],
    restoreMocks: true,
    // A spec's first import compiles its share of the application, which takes a busy machine a while.
    testTimeout: 30_000,
  },
})
