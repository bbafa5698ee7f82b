import { useToast } from '@nuxt/ui/composables'
import { ApiError, sentenceOf } from '@/api/errors'
import { useI18n } from '@/i18n'

/** Shows what went wrong without getting in the way. The request id goes along for whoever reads the logs. */
export function useErrorToast(): (error: unknown) => void {
  const toast = useToast()
  const { t } = useI18n()
  return error => {
    const id = error instanceof ApiError && error.status >= 500 ? error.request_id : undefined
    toast.add({
      title: sentenceOf(error, t),
      description: id ? t('errors.request_id', { id }) : undefined,
      color: 'error',
      icon: 'i-lucide-circle-alert',
    })
  }
}
