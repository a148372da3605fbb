/** A menu behind three dots; opens as soon as it is loaded. */
import { Menu as Popup } from "@base-ui/react/menu"
import { Ellipsis } from "lucide-react"
import { buttonClass } from "./Button.tsx"
import { cx } from "./cx.ts"

export type MenuItem = { label: string; act: () => void; danger?: boolean }

export default function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <Popup.Root defaultOpen>
      <Popup.Trigger aria-label={label} title={label} className={buttonClass("quiet", "square")}>
        <Ellipsis aria-hidden="true" className="size-4" />
      </Popup.Trigger>
      <Popup.Portal>
        <Popup.Positioner align="end" sideOffset={4} className="z-40">
          <Popup.Popup className="min-w-40 animate-arrive rounded-lg border border-line bg-raised p-1 shadow-float outline-none">
            {items.map((item) => (
              <Popup.Item
                key={item.label}
                onClick={item.act}
                className={cx(
                  "cursor-pointer rounded-md px-2.5 py-1.5 text-sm outline-none data-highlighted:bg-hover pointer-coarse:py-2.5",
                  item.danger && "text-bad",
                )}
              >
                {item.label}
              </Popup.Item>
            ))}
          </Popup.Popup>
        </Popup.Positioner>
      </Popup.Portal>
    </Popup.Root>
  )
}
