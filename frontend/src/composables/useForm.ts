import { reactive, ref, type Ref } from 'vue'
import { ApiError } from '@/api/errors'
import { useErrorToast } from './useErrorToast'

export interface FormOptions<V extends object, R> {
  initial: V
  /** Field name to i18n-ready sentence for what is wrong before sending; empty when all is well. */
  check?: (values: V) => Partial<Record<keyof V, string>>
  submit: (values: V) => Promise<R>
  success?: (result: R) => void
  /** True when the caller has shown the error itself. */
  failure?: (error: unknown) => boolean
}

export interface Form<V extends object> {
  values: V
  faults: Ref<Partial<Record<keyof V, string>>>
  sending: Ref<boolean>
  submit: () => Promise<void>
  reset: (values?: V) => void
}

/** One shape for every form: values, a sentence per faulty field, one request at a time, errors shown where they belong. */
export function useForm<V extends object, R>(options: FormOptions<V, R>): Form<V> {
  const values = reactive({ ...options.initial }) as V
  const faults = ref({}) as Ref<Partial<Record<keyof V, string>>>
  const sending = ref(false)
  const showError = useErrorToast()

  async function submit() {
    if (sending.value) return
    faults.value = options.check?.(values) ?? {}
    if (Object.values(faults.value).some(Boolean)) return
    sending.value = true
    try {
      const result = await options.submit({ ...values })
      options.success?.(result)
    } catch (error) {
      if (options.failure?.(error)) return
      if (!place(error)) showError(error)
    } finally {
      sending.value = false
    }
  }

  function place(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false
    const found: Record<string, string> = {}
    if (error.field && error.field in values) found[error.field] = error.message
    for (const fault of error.details) {
      if (fault.field && fault.field in values && fault.message) found[fault.field] ??= fault.message
    }
    faults.value = found as Partial<Record<keyof V, string>>
    return Object.keys(found).length > 0
  }

  function reset(next: V = options.initial) {
    Object.assign(values, next)
    faults.value = {}
  }

  return { values, faults, sending, submit, reset }
}
