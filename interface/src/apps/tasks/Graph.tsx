/** Tasks and what they depend on, left to right. One node at a time takes the focus; arrow keys follow the lines. */
import type { Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Minus, Plus } from "lucide-react"
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react"
import { IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { StatusIcon, statusWords } from "../../components/StatusIcon.tsx"
import { neighbour, nodeSize, toGraph } from "./graph.logic.ts"

type Props = { tasks: readonly Task[]; dimmed: (task: Task) => boolean }

const zooms = [0.35, 0.5, 0.75, 1, 1.25, 1.5] as const

export default function Graph({ tasks, dimmed }: Props) {
  const shape = tasks.map((task) => `${task.id}:${task.dependsOn.join()}`).join("|")
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the shape of the graph moves its nodes
  const graph = useMemo(() => toGraph(tasks), [shape])
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const [focus, setFocus] = useState(tasks[0]?.id ?? "")
  const [level, setLevel] = useState(zooms.indexOf(1))
  const zoom = zooms[level] ?? 1
  const box = useRef<HTMLDivElement>(null)
  // At first as much as fits is shown, but never too small to read.
  useLayoutEffect(() => {
    const room = box.current?.clientWidth ?? 0
    const fitting = zooms.findLastIndex((each) => each <= 1 && graph.width * each <= room)
    setLevel(Math.max(zooms.indexOf(0.75), fitting))
  }, [graph.width])
  const lit = new Set(graph.edges.flatMap((edge) => (edge.from === focus || edge.to === focus ? [edge] : [])))

  function press(event: KeyboardEvent): void {
    if (!event.key.startsWith("Arrow")) return
    event.preventDefault()
    const next = neighbour(graph, focus, event.key)
    if (next === undefined) return
    setFocus(next)
    box.current?.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus()
  }

  const step = (by: 1 | -1) => setLevel(Math.min(zooms.length - 1, Math.max(0, level + by)))

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} className="absolute inset-0 overflow-auto">
        <div style={{ width: graph.width * zoom, height: graph.height * zoom }}>
          <div
            className="relative origin-top-left"
            style={{ width: graph.width, height: graph.height, transform: `scale(${zoom})` }}
          >
            <svg aria-hidden="true" width={graph.width} height={graph.height} className="absolute inset-0">
              {graph.edges.map((edge) => (
                <path
                  key={`${edge.from}-${edge.to}`}
                  d={edge.path}
                  fill="none"
                  stroke={lit.has(edge) ? "var(--accent)" : "var(--line-strong)"}
                  strokeWidth={lit.has(edge) ? 2 : 1.25}
                />
              ))}
            </svg>
            <ul aria-label="Dependency graph">
              {graph.nodes.map((node) => {
                const task = byId.get(node.id)
                if (!task) return null
                return (
                  <li
                    key={node.id}
                    className="absolute"
                    style={{ left: node.x, top: node.y, width: nodeSize.width, height: nodeSize.height }}
                  >
                    <Node
                      task={task}
                      dim={dimmed(task)}
                      active={node.id === focus}
                      onFocus={() => setFocus(node.id)}
                      onKey={press}
                    />
                  </li>
                )
              })}
            </ul>
          </div>
        </div>
      </div>
      <div className="absolute right-3 bottom-3 flex items-center rounded-lg border border-line bg-raised p-0.5 shadow-float">
        <IconButton
          label="Smaller"
          icon={<Minus aria-hidden="true" className="size-4" />}
          onClick={() => step(-1)}
        />
        <span className="w-12 text-center text-ink-2 text-xs tabular-nums">{Math.round(zoom * 100)} %</span>
        <IconButton
          label="Larger"
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={() => step(1)}
        />
      </div>
    </div>
  )
}

type NodeProps = {
  task: Task
  dim: boolean
  active: boolean
  onFocus: () => void
  onKey: (event: KeyboardEvent) => void
}

function Node({ task, dim, active, onFocus, onKey }: NodeProps) {
  return (
    <Link
      to="/projects/$projectId/tasks/$taskId"
      params={{ projectId: task.projectId, taskId: task.id }}
      data-node={task.id}
      tabIndex={active ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={onKey}
      preload={false}
      title={task.title}
      aria-label={`${task.order}. ${task.title}, ${statusWords[task.status]}`}
      className={cx(
        "flex h-full items-center gap-2 rounded-md border bg-surface px-2.5 text-sm leading-4.5 hover:border-ink-3",
        task.status === "in_progress" ? "border-accent" : "border-line-strong",
        dim && "opacity-35",
      )}
    >
      <StatusIcon status={task.status} />
      <span className="line-clamp-2 min-w-0">{task.title}</span>
    </Link>
  )
}
