import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const backend = 'http://127.0.0.1:8080'

export default defineConfig({
  root: here,
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    // Messages are interpreted, not compiled with new Function: the page's policy forbids that.
    __INTLIFY_JIT_COMPILATION__: 'true',
  },
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    // The pages of open data are written by the server, which looks their script and style up here.
    manifest: true,
    rollupOptions: { input: [`${here}index.html`, `${here}src/opendata/page.ts`] },
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/tiles', '/styles', '/opendata', '/ogc', '/open311', '/feeds', '/crest.svg', '/icon-'].map((path) => [
        path,
        backend,
      ]),
    ),
  },
})
