import type { RouteRecordRaw } from 'vue-router'

export const copyRoutes: RouteRecordRaw[] = [
  { path: '/copies', name: 'my_copies', component: () => import('./MyCopiesPage.vue'), meta: { roles: ['TEACHER'] } },
  {
    path: '/copies/:copy_id',
    name: 'copy',
    component: () => import('./CopyPage.vue'),
    props: true,
    meta: { roles: ['ADMIN', 'TEACHER'], wide: true },
  },
  {
    path: '/exams/:exam_id/identify',
    name: 'identify',
    component: () => import('./IdentifyPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/exams/:exam_id/marking',
    name: 'marking_progress',
    component: () => import('./MarkingProgressPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/copies/:copy_id/mark',
    name: 'desk',
    component: () => import('@/grading/DeskPage.vue'),
    props: route => ({ copy_id: route.params.copy_id, question_id: route.query.question }),
    meta: { roles: ['ADMIN', 'TEACHER'], bare: true },
  },
  {
    path: '/exams/:exam_id/matters',
    name: 'exam_matters',
    component: () => import('./ExamMattersPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/exams/:exam_id/light-table',
    name: 'light_table',
    component: () => import('@/grading/LightTablePage.vue'),
    props: route => ({ exam_id: route.params.exam_id, question_id: route.query.question }),
    meta: { roles: ['ADMIN', 'TEACHER'], wide: true },
  },
]
