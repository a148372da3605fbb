/** Does what Aura's own window asks of the page: go somewhere, take a dropped document, ask before it closes. */
import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useCallback, useEffect, useState } from "react"
import { tellProblem } from "../../api/notices.ts"
import { tellWindow, useWindow } from "../../api/window.ts"
import { offerDocument } from "../project/dropped.ts"

const ClosingQuestion = lazy(() => import("./ClosingQuestion.tsx"))

const refuse = ({ problem }: { problem: string }) => tellProblem(problem)

export function OwnWindow() {
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  useWindow(
    "go",
    useCallback((path) => void navigate({ href: path }), [navigate]),
  )
  useWindow(
    "document",
    useCallback(
      ({ text }) => {
        offerDocument(text)
        void navigate({ to: "/projects/new" })
      },
      [navigate],
    ),
  )
  useWindow("refused", refuse)
  useWindow(
    "closing",
    useCallback(() => {
      tellWindow({ type: "asked" })
      setAsks(true)
    }, []),
  )
  // After the ones above: they listen by now.
  useEffect(() => tellWindow({ type: "ready" }), [])
  if (!asks) return null
  return (
    <Suspense>
      <ClosingQuestion
        onAnswer={(answer) => {
          setAsks(false)
          tellWindow({ type: "answered", answer })
        }}
      />
    </Suspense>
  )
}
