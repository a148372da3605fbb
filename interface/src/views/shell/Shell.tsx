/** The frame around every page: projects on the left, the page on the right, shortcuts everywhere. */
import { Outlet, useNavigate, useParams } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useLogin } from "../../api/login.ts"
import { ConnectionBanner } from "../../components/ConnectionBanner.tsx"
import { useShortcuts } from "../../hooks/useShortcuts.ts"
import { useNotifications } from "../../parts/attention/notifications.ts"
import { DropTarget } from "./DropTarget.tsx"
import { ReachBanner } from "./ReachBanner.tsx"
import { SandboxBanner } from "./SandboxBanner.tsx"
import { Sidebar } from "./Sidebar.tsx"
import { TopBar } from "./TopBar.tsx"

const Palette = lazy(() => import("../palette/Palette.tsx"))
const ShortcutSheet = lazy(() => import("../../parts/shell/ShortcutSheet.tsx"))
const SignIn = lazy(() => import("../../parts/login/SignIn.tsx"))
const Drawer = lazy(() => import("../../parts/shell/Drawer.tsx"))

export function Shell() {
  const signedIn = useLogin((login) => login.token !== undefined && !login.exchanging)
  if (signedIn) return <Frame />
  return (
    <Suspense>
      <SignIn />
    </Suspense>
  )
}

function Frame() {
  const [sheet, setSheet] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [palette, setPalette] = useState(false)
  useNotifications()
  const navigate = useNavigate()
  const { projectId } = useParams({ strict: false })
  useShortcuts((action) => {
    if (action.kind === "shortcuts") setSheet(true)
    if (action.kind === "palette") setPalette(true)
    if (action.kind === "inbox") void navigate({ to: "/inbox" })
    if (action.kind === "new project") void navigate({ to: "/projects/new" })
    if (action.kind === "go" && projectId) {
      void navigate({ to: `/projects/$projectId/${action.tab}`, params: { projectId } })
    }
  })
  return (
    <div className="flex h-dvh">
      <a
        href="#main"
        className="-translate-y-16 absolute top-2 left-2 z-50 rounded-md bg-accent px-3 py-1.5 text-accent-ink text-sm focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="hidden w-60 shrink-0 xl:block">
        <Sidebar onShortcuts={() => setSheet(true)} onFind={() => setPalette(true)} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col xl:py-2 xl:pr-2">
        <TopBar onMenu={() => setDrawer(true)} onFind={() => setPalette(true)} />
        <div className="flex min-h-0 flex-1 flex-col overflow-hidden bg-surface xl:rounded-lg xl:border xl:border-line">
          <ConnectionBanner />
          <ReachBanner />
          <SandboxBanner />
          <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <Outlet />
          </main>
        </div>
      </div>
      <DropTarget />
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} onShortcuts={() => setSheet(true)} />}
        {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
        {drawer && (
          <Drawer onClose={() => setDrawer(false)}>
            <Sidebar onNavigate={() => setDrawer(false)} />
          </Drawer>
        )}
      </Suspense>
    </div>
  )
}
