import type { RouteRecordRaw } from 'vue-router'

export const examRoutes: RouteRecordRaw[] = [
  { path: '/exams', name: 'exams', component: () => import('./ExamListPage.vue'), meta: { roles: ['ADMIN'] } },
  {
    path: '/exams/new',
    name: 'exam_new',
    component: () => import('./ExamCreatePage.vue'),
    meta: { roles: ['ADMIN', 'TEACHER'] },
  },
  {
    path: '/exams/:exam_id/bareme',
    name: 'bareme',
    component: () => import('./BaremePage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/exams/:exam_id/documents',
    name: 'exam_documents',
    component: () => import('./ExamDocumentsPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
]
