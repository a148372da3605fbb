/** Tasks as a graph: positions, lines, and keyboard navigation. Pure. */

import type { Task } from "@aura/core"
import { graphlib, layout } from "@dagrejs/dagre"

export const nodeSize = { width: 216, height: 46 } as const

export type GraphNode = { id: string; x: number; y: number }
export type GraphEdge = { from: string; to: string; path: string }
export type TaskGraph = { nodes: GraphNode[]; edges: GraphEdge[]; width: number; height: number }

/** Left to right: dependencies are left of their task. */
export function toGraph(tasks: readonly Pick<Task, "id" | "dependsOn">[]): TaskGraph {
  const known = new Set(tasks.map((task) => task.id))
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 56, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const task of tasks) graph.setNode(task.id, { ...nodeSize })
  for (const task of tasks) {
    for (const before of task.dependsOn) if (known.has(before)) graph.setEdge(before, task.id)
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    nodes: tasks.map(({ id }) => {
      const { x, y } = graph.node(id)
      return { id, x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }
    }),
    edges: graph.edges().map(({ v, w }: { v: string; w: string }) => ({
      from: v,
      to: w,
      path: toPath(atSides(graph.edge(v, w).points ?? [], graph.node(v), graph.node(w))),
    })),
    width,
    height,
  }
}

/**
 * The node an arrow key leads to: right and left along the lines where there are any, up and down among those
 * that stand at the same depth.
 */
export function neighbour(graph: TaskGraph, id: string, key: string): string | undefined {
  const at = graph.nodes.find((node) => node.id === id)
  if (!at) return graph.nodes[0]?.id
  const linked = (key === "ArrowRight" ? graph.edges.filter((edge) => edge.from === id) : [])
    .map((edge) => edge.to)
    .concat(key === "ArrowLeft" ? graph.edges.filter((edge) => edge.to === id).map((edge) => edge.from) : [])
  if (linked.length > 0)
    return nearest(
      graph.nodes.filter((node) => linked.includes(node.id)),
      at,
    )
  const column = graph.nodes.filter((node) => Math.abs(node.x - at.x) < 1 && node.id !== id)
  if (key === "ArrowDown")
    return nearest(
      column.filter((node) => node.y > at.y),
      at,
    )
  if (key === "ArrowUp")
    return nearest(
      column.filter((node) => node.y < at.y),
      at,
    )
  return undefined
}

type Point = { x: number; y: number }

/** Lines leave a node in the middle of its right side and reach the next in the middle of its left. */
function atSides(points: readonly Point[], from: Point, to: Point): Point[] {
  const half = nodeSize.width / 2
  return [{ x: from.x + half, y: from.y }, ...points.slice(1, -1), { x: to.x - half, y: to.y }]
}

function nearest(nodes: readonly GraphNode[], to: GraphNode): string | undefined {
  const distance = (node: GraphNode) => Math.hypot(node.x - to.x, node.y - to.y)
  return nodes.toSorted((a, b) => distance(a) - distance(b))[0]?.id
}

/** A line through points, smooth in between. */
function toPath(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points
  if (!first) return ""
  let path = `M${round(first.x)},${round(first.y)}`
  let last = first
  for (const point of rest) {
    const middle = round((last.x + point.x) / 2)
    path += `C${middle},${round(last.y)} ${middle},${round(point.y)} ${round(point.x)},${round(point.y)}`
    last = point
  }
  return path
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}
