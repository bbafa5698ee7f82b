import { expect, it } from 'vitest'
import { reasonsOf } from './evidence'

it('tells of each field what the surest engine read, and whether it fits', () => {
  const evidence = {
    nom: { 'korrigo-hand': { text: 'DUPONT', fit: 6.2 }, tesseract: { text: 'OUPONT', fit: 2 } },
    prenom: { 'korrigo-hand': { text: 'JEAN', fit: 0.4 } },
    date_naissance: { tesseract: { text: '01022008', fit: -0.2 }, 'korrigo-hand': { text: '01022003', fit: -5 } },
    classe: { tesseract: { text: '', fit: 0 } },
  }
  expect(reasonsOf(evidence)).toEqual([
    { field: 'nom', text: 'DUPONT', verdict: 'for' },
    { field: 'prenom', text: 'JEAN', verdict: 'open' },
    { field: 'date_naissance', text: '01022003', verdict: 'against' },
  ])
  expect(reasonsOf(undefined)).toEqual([])
})
