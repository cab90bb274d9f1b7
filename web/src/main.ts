import 'maplibre-gl/dist/maplibre-gl.css'
import '@fontsource-variable/noto-sans/index.css'
import './ui/tokens.css'
import './ui/base.css'
import { createApp } from 'vue'
import App from './app/App.vue'
import { router } from './app/router.ts'
import { i18n } from './core/i18n/index.ts'

createApp(App).use(router).use(i18n).mount('#app')
