import type { Schemas } from '@/api/http'

export type Question = Schemas['Question']

/** Marks are exact in hundredths. */
const rounded = (points: number) => Math.round(points * 100) / 100

/** The points of a parent: the sum of its children's without bonuses, of the best ones where only those count. */
export function pointsOf({ points, children, best }: Question): number {
  if (!children?.length) return rounded(points)
  const parts = children.filter(child => !child.bonus).map(pointsOf)
  if (best) parts.sort((a, b) => b - a).splice(best)
  return rounded(parts.reduce((sum, part) => sum + part, 0))
}

export const totalOf = (tree: Question[]): number => pointsOf({ id: '', label: '', points: 0, children: tree })

/** The tree as it is sent: every parent with the points of its children. */
export const settled = (tree: Question[]): Question[] =>
  tree.map(({ children, best, ...node }) =>
    children?.length
      ? {
          ...{ id: node.id, label: node.label, points: pointsOf({ ...node, children, best }) },
          ...(best && best < children.length ? { best } : {}),
          children: settled(children),
        }
      : { ...node, points: rounded(node.points) },
  )

export const leavesOf = (tree: Question[]): Question[] =>
  tree.flatMap(node => (node.children?.length ? leavesOf(node.children) : [node]))

const idsOf = (tree: Question[]): string[] => tree.flatMap(node => [node.id, ...idsOf(node.children ?? [])])

/** A node under a new id. */
export function made(tree: Question[], label: string, points = 1): Question {
  const taken = new Set(idsOf(tree))
  let number = taken.size + 1
  while (taken.has(`q${number}`)) number += 1
  return { id: `q${number}`, label, points }
}

type Siblings = (siblings: Question[], index: number) => Question[]

/** The tree with something done among the siblings of a node. */
export function among(tree: Question[], id: string, act: Siblings): Question[] {
  const index = tree.findIndex(node => node.id === id)
  if (index >= 0) return act([...tree], index)
  return tree.map(node => {
    if (!node.children) return node
    const children = among(node.children, id, act)
    const { children: _, best, ...bare } = node
    if (children.length === 0) return bare
    return { ...bare, ...(best && best < children.length ? { best } : {}), children }
  })
}

export const changed = (tree: Question[], id: string, change: Partial<Question>): Question[] =>
  among(tree, id, (all, at) => all.with(at, { ...all[at]!, ...change }))

export const removed = (tree: Question[], id: string): Question[] => among(tree, id, (all, at) => all.toSpliced(at, 1))

export const added = (tree: Question[], parent: string, child: Question): Question[] =>
  among(tree, parent, (all, at) => {
    const { bonus: _, ...node } = all[at]!
    return all.with(at, { ...node, children: [...(node.children ?? []), child] })
  })

export const shifted = (tree: Question[], id: string, by: 1 | -1): Question[] =>
  among(tree, id, (all, at) => {
    const other = all[at + by]
    return other ? all.with(at, other).with(at + by, all[at]!) : all
  })

/** Under the sibling before it. */
export const indented = (tree: Question[], id: string): Question[] =>
  among(tree, id, (all, at) => {
    const before = all[at - 1]
    return before ? added(all.toSpliced(at, 1), before.id, all[at]!) : all
  })

/** Behind its parent. */
export function outdented(tree: Question[], id: string): Question[] {
  const node = find(tree, id)
  const parent = parentOf(tree, id)
  if (!node || !parent) return tree
  const without = removed(tree, id)
  return among(without, parent.id, (all, at) => all.toSpliced(at + 1, 0, node))
}

/** In front of another node, wherever that is; a node is never put into itself. */
export function placedBefore(tree: Question[], id: string, other: string): Question[] {
  const node = find(tree, id)
  if (!node || id === other || find(node.children ?? [], other)) return tree
  return among(removed(tree, id), other, (all, at) => all.toSpliced(at, 0, node))
}

export function find(tree: Question[], id: string): Question | undefined {
  for (const node of tree) {
    const found = node.id === id ? node : find(node.children ?? [], id)
    if (found) return found
  }
  return undefined
}

/** How a person calls a node: its label behind those of its parents, as "Exercice 1 – a". */
export function pathOf(tree: Question[], id: string): string | undefined {
  for (const node of tree) {
    const name = node.label || node.id
    if (node.id === id) return name
    const found = pathOf(node.children ?? [], id)
    if (found) return `${name} – ${found}`
  }
  return undefined
}

function parentOf(tree: Question[], id: string): Question | undefined {
  for (const node of tree) {
    if (node.children?.some(child => child.id === id)) return node
    const found = parentOf(node.children ?? [], id)
    if (found) return found
  }
  return undefined
}
