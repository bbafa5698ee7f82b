import type { RouteRecordRaw } from 'vue-router'

export const helpRoutes: RouteRecordRaw[] = [
  {
    path: '/help',
    name: 'help',
    component: () => import('./GuidePage.vue'),
    props: route => ({ role: route.query.role }),
  },
]
