/** What a changed document does to the plan, before it is saved: to accept, to trim, or to drop. */
import type { IdentityDecision, Replan } from "@aura/core"
import type { ReactNode } from "react"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { count } from "../../components/format.ts"
import { DoubtQuestion } from "./DoubtQuestion.tsx"
import { describeProjection } from "./replan.logic.ts"

type Props = {
  plan: Replan
  isBusy: boolean
  onLeaveOut: (requirementId: string, isLeftOut: boolean) => void
  onDecide: (decision: IdentityDecision) => void
  onAccept: () => void
  onBack: () => void
  onDrop: () => void
}

export function ReplanReview({ plan, isBusy, onLeaveOut, onDecide, onAccept, onBack, onDrop }: Props) {
  const { kept, reopened, closed, planned, leftOut, doubts, projection } = plan
  const toggle = (requirementId: string, isLeftOut: boolean) => (
    <Button
      size="small"
      tone="quiet"
      aria-label={`${isLeftOut ? "Take in" : "Leave out"} ${requirementId}`}
      onClick={() => onLeaveOut(requirementId, !isLeftOut)}
    >
      {isLeftOut ? "Take in" : "Leave out"}
    </Button>
  )
  return (
    <section
      inert={isBusy}
      aria-label="What the change does to the plan"
      className="min-h-0 flex-1 overflow-y-auto p-4 sm:px-6"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p className={cx("mr-auto font-medium", !projection.fits && "text-bad")}>
          {describeProjection(plan)}
        </p>
        <Button tone="quiet" onClick={onDrop}>
          Drop the change
        </Button>
        <Button onClick={onBack}>Back to the text</Button>
        <Button tone="primary" busy={isBusy} onClick={onAccept}>
          Accept
        </Button>
      </div>
      <List title="Unsure">
        {doubts.map((doubt) => (
          <DoubtQuestion key={doubt.requirementId} {...doubt} onDecide={onDecide} />
        ))}
      </List>
      <List title="To be done again">
        {reopened.map(({ id, title, why, requirementIds }) => (
          <Item key={id} title={title} about={why}>
            {requirementIds.map((requirementId) => (
              <span key={requirementId}>{toggle(requirementId, false)}</span>
            ))}
          </Item>
        ))}
      </List>
      <List title="New">
        {planned.map(({ requirementId, text }) => (
          <Item key={requirementId} title={`${requirementId} ${text}`}>
            {toggle(requirementId, false)}
          </Item>
        ))}
      </List>
      <List title="Left out, without proof for now">
        {leftOut.map(({ requirementId, text }) => (
          <Item key={requirementId} title={`${requirementId} ${text}`}>
            {toggle(requirementId, true)}
          </Item>
        ))}
      </List>
      <List title="Closed">
        {closed.map(({ id, title }) => (
          <Item key={id} title={title} />
        ))}
      </List>
      <p className="mt-4 text-ink-2 text-sm">{count(kept.length, "task")} kept as they are.</p>
    </section>
  )
}

function List({ title, children }: { title: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <>
      <h2 className="mt-5 font-medium text-sm">{title}</h2>
      <ul aria-label={title} className="mt-1 divide-y divide-line">
        {children}
      </ul>
    </>
  )
}

function Item({ title, about, children }: { title: string; about?: string; children?: ReactNode }) {
  return (
    <li className="flex items-start gap-3 py-2 text-sm">
      <span className="min-w-0 flex-1 wrap-anywhere">
        {title}
        {about && <span className="block text-ink-2">{about}</span>}
      </span>
      {children}
    </li>
  )
}
