import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

/** Opens a PDF of this server. PDF.js and its worker are fetched at the first call only. */
export async function openPdf(url: string): Promise<PDFDocumentProxy> {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.min.mjs')
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  // Decoders of JBIG2 and JPEG 2000; copied beside the built files, see vite/pdf_decoders.ts.
  return pdfjs.getDocument({ url, wasmUrl: '/pdf-decoders/' }).promise
}
