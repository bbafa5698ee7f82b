import type { Question } from './baremeTree'

/** What an import found: a tree, or the line without points (0 when the whole text is at fault). */
export type Imported = { tree: Question[] } | { faulty_line: number }

const letters = ['a', 'b', 'c', 'd']

interface Word {
  exercise: string
  substance: string
  form: string
  language: string
}

/** Schemes that many exams begin with. */
export const templates: Record<string, (word: Word) => Question[]> = {
  four: word => numbered(4, index => ({ id: `ex${index}`, label: `${word.exercise} ${index}`, points: 5 })),
  three: word =>
    numbered(3, index => ({
      ...{ id: `ex${index}`, label: `${word.exercise} ${index}`, points: 0 },
      children: letters.map(letter => ({
        ...{ id: `q${index}${letter}`, label: `${index}.${letter}` },
        points: index === 3 ? 2 : 1.5,
      })),
    })),
  ten: () => numbered(10, index => ({ id: `q${index}`, label: `${index}`, points: 2 })),
  essay: word => [
    { id: 'q1', label: word.substance, points: 10 },
    { id: 'q2', label: word.form, points: 6 },
    { id: 'q3', label: word.language, points: 4 },
  ],
}

function numbered(count: number, make: (index: number) => Question): Question[] {
  return Array.from({ length: count }, (_, index) => make(index + 1))
}

/** A list with indentation, or JSON as the server knows it in any of its spellings. */
export function imported(text: string): Imported {
  if (/^\s*[[{]/.test(text)) return fromJson(text)
  const root: Question[] = []
  const open: { depth: number; node: Question }[] = []
  let count = 0
  const lines = text.split(/\r?\n/)
  for (const line of lines) {
    if (!line.trim()) continue
    const depth = /^\s*/.exec(line)![0].replaceAll('\t', '  ').length
    const { label, points } = partsOf(line)
    while (open.length && open.at(-1)!.depth >= depth) open.pop()
    const node: Question = { id: `q${++count}`, label, points: points ?? NaN }
    const parent = open.at(-1)?.node
    if (parent) (parent.children ??= []).push(node)
    else root.push(node)
    open.push({ depth, node })
  }
  const faulty = lines.findIndex(line => line.trim() && partsOf(line).points === undefined && isLeaf(root, line))
  if (faulty >= 0 || root.length === 0) return { faulty_line: faulty + 1 }
  return { tree: root }
}

/** "1.a : 2,5 pts", "1.a;2.5", "1.a 2.5": the last number is the points. */
function partsOf(line: string): { label: string; points?: number } {
  const match = /^(.*?)[\s:;=\t(]+(\d+(?:[.,]\d{1,2})?)\s*(?:pts?|points?)?\s*\)?$/i.exec(line.trim())
  if (!match?.[1]) return { label: line.trim().replace(/[\s:;]+$/, '') }
  return { label: match[1].replace(/[\s:;]+$/, ''), points: Number(match[2]!.replace(',', '.')) }
}

function isLeaf(tree: Question[], line: string): boolean {
  const { label } = partsOf(line)
  return tree.some(node =>
    node.children?.length ? isLeaf(node.children, line) : node.label === label && Number.isNaN(node.points),
  )
}

type Loose = Record<string, unknown>

function fromJson(text: string): Imported {
  try {
    const value: unknown = JSON.parse(text)
    const list = Array.isArray(value) ? value : (value as Loose).grading_structure
    let count = 0
    const read = (node: Loose): Question => {
      const children = (node.children ?? node.sub_questions) as Loose[] | undefined
      const label = String(node.label ?? node.title ?? node.name ?? node.question ?? '')
      const points = Number(node.points ?? node.max_score ?? node.max ?? 0)
      const id = String(node.id ?? node.question ?? `q${++count}`)
      const kept = {
        ...(node.bonus === true ? { bonus: true as const } : {}),
        ...(node.best ? { best: Number(node.best) } : {}),
      }
      return { id, label, points, ...kept, ...(children?.length ? { children: children.map(read) } : {}) }
    }
    const tree = (list as Loose[]).map(read)
    return tree.length ? { tree } : { faulty_line: 0 }
  } catch {
    return { faulty_line: 0 }
  }
}
