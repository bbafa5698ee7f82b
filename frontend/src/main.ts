import ui from '@nuxt/ui/vue-plugin'
import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import { useSession } from '@/accounts/sessionStore'
import { configureHttp } from '@/api/http'
import App from './App.vue'
import { language, startLanguage } from './i18n'
import { meetMissingPart } from './pwa/missingParts'
import { router } from './router'
import './styles/main.css'

const app = createApp(App)
app.use(createPinia())

const session = useSession()
configureHttp({ acceptLanguage: () => language.value, onSessionLost: session.forget })
watch(
  () => session.me,
  me => {
    const here = router.currentRoute.value
    if (me === null && here.name && !here.meta.public) {
      void router.replace({ name: 'portal', query: session.signedOutElsewhere ? { next: here.fullPath } : {} })
    }
  },
)

// A page kept by the browser's back button may belong to a session that has ended.
addEventListener('pageshow', event => event.persisted && location.reload())
addEventListener('vite:preloadError', () => void meetMissingPart())

await startLanguage()
app.use(router).use(ui).mount('#app')

// Once the page stands and has rested: what it keeps for work without network must not delay it.
const rest = 3000
if (import.meta.env.PROD) {
  setTimeout(() => void import('./pwa/updates').then(({ keepUpToDate }) => keepUpToDate()), rest)
}
