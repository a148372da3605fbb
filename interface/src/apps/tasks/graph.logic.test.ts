import { describe, expect, it } from "vitest"
import { neighbour, toGraph } from "./graph.logic.ts"

const task = (id: string, ...dependsOn: string[]) => ({ id, dependsOn })
const diamond = [task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c")]
const place = (id: string) => {
  const node = toGraph(diamond).nodes.find((row) => row.id === id)
  return { x: node?.x ?? Number.NaN, y: node?.y ?? Number.NaN }
}

describe("the graph of tasks", () => {
  it("puts what a task depends on left of it", () => {
    expect(place("a").x).toBeLessThan(place("b").x)
    expect(place("b").x).toBe(place("c").x)
    expect(place("c").x).toBeLessThan(place("d").x)
    expect(toGraph(diamond).edges).toHaveLength(4)
  })

  it("is walked along its lines and up and down a column", () => {
    const graph = toGraph(diamond)
    const [upper, lower] = place("b").y < place("c").y ? ["b", "c"] : ["c", "b"]
    expect(["b", "c"]).toContain(neighbour(graph, "a", "ArrowRight"))
    expect(neighbour(graph, upper, "ArrowDown")).toBe(lower)
    expect(neighbour(graph, lower, "ArrowUp")).toBe(upper)
    expect(neighbour(graph, "b", "ArrowLeft")).toBe("a")
    expect(neighbour(graph, "d", "ArrowRight")).toBeUndefined()
  })

  it("ignores what a task depends on that is not there", () => {
    expect(toGraph([task("a", "gone")]).edges).toEqual([])
  })

  it("lays out hundreds of tasks without two at one place", () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      task(`t${i}`, ...(i > 6 ? [`t${i - 7}`, `t${i - 3}`] : [])),
    )
    const places = toGraph(many).nodes.map((node) => `${Math.round(node.x)}:${Math.round(node.y)}`)
    expect(new Set(places).size).toBe(300)
  })
})
