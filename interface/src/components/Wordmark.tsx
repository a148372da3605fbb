/** The mark and the name. */

export function Mark({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className={className} fill="none">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <g stroke="var(--accent-ink)" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8.5 23 16 8.5 23.5 23" />
        <path d="M12.6 18.6h6.8" />
      </g>
    </svg>
  )
}

export function Wordmark() {
  return (
    <span className="flex items-center gap-2">
      <Mark className="size-5" />
      <span className="font-semibold text-base tracking-tight">Aura</span>
    </span>
  )
}
