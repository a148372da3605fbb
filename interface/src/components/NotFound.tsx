/** The page for an unknown address. */
import { Link } from "@tanstack/react-router"
import { buttonClass } from "./Button.tsx"
import { Empty } from "./Placeholder.tsx"

export function NotFound() {
  return (
    <Empty
      heading="h1"
      title="There is nothing at this address"
      actions={
        <Link to="/projects" className={buttonClass("plain")}>
          See all projects
        </Link>
      }
    >
      It may have been removed, or the link may be incomplete.
    </Empty>
  )
}
