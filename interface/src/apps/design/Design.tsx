/** The design system on one page: what every screen is made of, in the theme of the moment. */
import { taskStatuses } from "@aura/core"
import { Play } from "lucide-react"
import type { ReactNode } from "react"
import { Button, type Tone } from "../../components/Button.tsx"
import { CheckCard } from "../../components/CheckCard.tsx"
import { DiffTable } from "../../components/DiffTable.tsx"
import { toHunks } from "../../components/diff.logic.ts"
import { TextField } from "../../components/Field.tsx"
import { Kbd } from "../../components/Kbd.tsx"
import { Meter } from "../../components/Meter.tsx"
import { Output } from "../../components/Output.tsx"
import { StateDot, type StateTone } from "../../components/StateDot.tsx"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { ThemeSwitch } from "../../components/ThemeSwitch.tsx"
import { useTitle } from "../../hooks/useTitle.ts"

const grounds = ["canvas", "surface", "raised", "sunken", "hover", "line", "line-strong"] as const
const inks = ["ink", "ink-2", "ink-3", "accent", "ok", "warn", "bad"] as const
const softs = ["accent-soft", "ok-soft", "warn-soft", "bad-soft"] as const
const sizes = [
  ["text-2xl", "Title of a page"],
  ["text-xl", "Title of a thing, a figure"],
  ["text-lg", "Name of a project"],
  ["text-md", "What happens now"],
  ["text-base", "Text"],
  ["text-sm", "Labels, rows, buttons"],
  ["text-xs", "Facts beside a row, code"],
] as const
const tones: readonly Tone[] = ["primary", "plain", "quiet", "danger"]
const states: readonly StateTone[] = ["idle", "working", "warn", "ok", "bad"]
const spaces = [1, 2, 3, 4, 6, 8, 12] as const
const sample = toHunks(
  "@@ -1,3 +1,3 @@ export function sum\n const a = 1\n-return a\n+return a + b\n // done\n",
)

export default function Design() {
  useTitle("Design system")
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-4xl px-4 py-8 sm:px-8">
        <h1 className="font-semibold text-2xl tracking-tight">Design system</h1>
        <p className="mt-1 max-w-prose text-ink-2">
          Calm first: colour only where it says something, motion only where something changes. A state is
          always a shape and a word; colour repeats it.
        </p>
        <Part title="Theme">
          <ThemeSwitch />
        </Part>
        <Part
          title="Colour"
          about="Grounds, inks and their soft grounds. Every ink reads at 4.5 : 1 or more on every ground."
        >
          <Swatches names={grounds} />
          <ul className="mt-4 flex flex-wrap gap-x-6 gap-y-1">
            {inks.map((name) => (
              <li key={name} style={{ color: `var(--${name})` }} className="font-medium">
                {name}
              </li>
            ))}
          </ul>
          <div className="mt-4">
            <Swatches names={softs} />
          </div>
        </Part>
        <Part title="Type" about="Seven sizes, two weights for emphasis, figures of equal width.">
          {sizes.map(([size, use]) => (
            <p key={size} className="flex items-baseline gap-4">
              <code className="w-20 shrink-0 font-mono text-ink-3 text-xs">{size}</code>
              <span style={{ fontSize: `var(--${size})` }}>{use}</span>
            </p>
          ))}
        </Part>
        <Part title="Space" about="Steps of a quarter rem; controls are 2 rem high, 2.5 under a finger.">
          <div className="flex items-end gap-3">
            {spaces.map((step) => (
              <div key={step} className="text-center text-ink-3 text-xs">
                <div
                  className="bg-accent"
                  style={{ width: `${step * 0.25}rem`, height: `${step * 0.25}rem` }}
                />
                {step}
              </div>
            ))}
          </div>
        </Part>
        <Part
          title="Motion"
          about="100 ms for what answers a hand, 180 ms for what arrives, a slow breath for what works. None where the system asks for less."
        >
          <span className="inline-flex items-center gap-2">
            <StateDot tone="working" /> at work
          </span>
        </Part>
        <Part title="Controls">
          <div className="flex flex-wrap gap-2">
            {tones.map((tone) => (
              <Button key={tone} tone={tone}>
                {tone}
              </Button>
            ))}
            <Button busy icon={<Play aria-hidden="true" className="size-3.5" />}>
              Pending
            </Button>
            <Button disabled>Not possible</Button>
            <Kbd>Ctrl</Kbd>
            <Kbd>K</Kbd>
          </div>
          <div className="mt-4 grid gap-4 sm:grid-cols-2">
            <TextField label="A field" hint="What helps to fill it in" />
            <TextField label="A field with a fault" error="What is wrong, and how to mend it" />
          </div>
        </Part>
        <Part title="States">
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            {taskStatuses.map((status) => (
              <li key={status} className="flex items-center gap-2">
                <StatusIcon status={status} />
                <StatusWord status={status} />
              </li>
            ))}
          </ul>
          <ul className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
            {states.map((tone) => (
              <li key={tone} className="flex items-center gap-2 text-ink-2">
                <StateDot tone={tone} />
                {tone}
              </li>
            ))}
          </ul>
          <div className="mt-4 max-w-72">
            <Meter label="Context used" value={0.34} mark={0.5} text="34 %, a fresh session at 50 %" />
          </div>
        </Part>
        <Part title="Evidence">
          <CheckCard
            item={{
              key: "design:passed",
              state: "passed",
              command: "npm test",
              round: 1,
              output: "ok 12 tests\n",
            }}
          />
          <div className="mt-2">
            <CheckCard
              item={{
                key: "design:failed",
                state: "failed",
                command: "npm run lint",
                round: 1,
                output: "1 problem\n",
              }}
            />
          </div>
          <div className="mt-4 overflow-hidden rounded-md border border-line">
            {sample.map((hunk) => (
              <DiffTable key={hunk.text} lines={hunk.lines} split={false} />
            ))}
          </div>
          <div className="mt-4 rounded-md border border-line">
            <Output
              id="design:output"
              text={"\u001b[32m✔ parses a line\u001b[0m\n\u001b[31m✖ names line 7\u001b[0m\n"}
            />
          </div>
        </Part>
      </div>
    </div>
  )
}

function Part({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-b py-7 last:border-0">
      <h2 className="font-semibold">{title}</h2>
      {about && <p className="mt-0.5 max-w-prose text-pretty text-ink-3 text-sm">{about}</p>}
      <div className="mt-4">{children}</div>
    </section>
  )
}

function Swatches({ names }: { names: readonly string[] }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-2">
      {names.map((name) => (
        <li key={name}>
          <div className="h-12 rounded-md border border-line" style={{ background: `var(--${name})` }} />
          <span className="font-mono text-ink-3 text-xs">{name}</span>
        </li>
      ))}
    </ul>
  )
}
