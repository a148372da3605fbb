/** The choice to look at the plan before the work begins. */
type Props = { checked: boolean; onChange(checked: boolean): void }

export function PlanFirst({ checked, onChange }: Props) {
  return (
    <label className="flex cursor-pointer items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      Show me the plan first
    </label>
  )
}
