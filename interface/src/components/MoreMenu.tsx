/** Three dots that open a menu; what draws it is loaded with the first press. */
import { Ellipsis } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { IconButton } from "./Button.tsx"
import type { MenuItem } from "./Menu.tsx"

const Menu = lazy(() => import("./Menu.tsx"))

export function MoreMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [used, setUsed] = useState(false)
  const trigger = (
    <IconButton
      label={label}
      icon={<Ellipsis aria-hidden="true" className="size-4" />}
      onClick={() => setUsed(true)}
    />
  )
  if (!used) return trigger
  return (
    <Suspense fallback={trigger}>
      <Menu label={label} items={items} />
    </Suspense>
  )
}
