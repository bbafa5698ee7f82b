import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Page } from '@/api/http'
import * as api from './examsApi'
import type { Exam, ExamQuery, ExamSummary } from './examsApi'

/** Exams by id, as far as pages have asked for them. Lists and single answers fill the same place. */
export const useExams = defineStore('exams', () => {
  const byId = shallowReactive(new Map<Exam['id'], ExamSummary | Exam>())

  async function list(query: ExamQuery): Promise<Page<ExamSummary>> {
    const page = await api.listExams(query)
    for (const exam of page.results) byId.set(exam.id, exam)
    return page
  }

  async function load(id: Exam['id']): Promise<Exam> {
    const exam = await api.getExam(id)
    byId.set(id, exam)
    return exam
  }

  async function remove(id: Exam['id']): Promise<void> {
    await api.deleteExam(id)
    byId.delete(id)
  }

  return { byId, list, load, remove }
})
