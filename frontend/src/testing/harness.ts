import ui from '@nuxt/ui/vue-plugin'
import UApp from '@nuxt/ui/components/App.vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia, type Pinia } from 'pinia'
import { defineComponent, effectScope, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { router as real } from '@/router'

/** A component inside all that surrounds it in the application, at a path; the pages behind links are empty. */
export async function mountAt(path: string, component: Component, props: object = {}): Promise<VueWrapper> {
  const pinia = freshPinia()
  const blank = { render: () => h('div') }
  const routes = real.getRoutes().map(({ path, name }) => ({ path, name: name ?? path, component: blank }))
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(path)
  const root = defineComponent({ render: () => h(UApp, { toaster: {} }, { default: () => h(component, props) }) })
  const wrapper = mount(root, { attachTo: document.body, global: { plugins: [pinia, router, ui] } })
  await flushPromises()
  return wrapper
}

export function freshPinia(): Pinia {
  const pinia = createPinia()
  setActivePinia(pinia)
  return pinia
}

/** What a composable returns, with an end to its scope. */
export function inScope<T>(use: () => T): { value: T; end: () => void } {
  const scope = effectScope()
  return { value: scope.run(use)!, end: () => scope.stop() }
}

/** The field that a label names. */
export function field(wrapper: VueWrapper, label: string): HTMLInputElement {
  const found = wrapper.findAll('label').find(one => one.text().startsWith(label))
  if (!found) throw new Error(`no label ${label}`)
  return document.getElementById(found.attributes('for')!) as HTMLInputElement
}

export function type(input: HTMLInputElement, text: string): void {
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}
