/** The providers around the routes. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { lazy, Suspense } from "react"
import { router } from "./routes.tsx"

const Notices = lazy(() => import("./views/Notices.tsx"))

export function App({ queries }: { queries: QueryClient }) {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Suspense>
        <Notices />
      </Suspense>
    </QueryClientProvider>
  )
}
