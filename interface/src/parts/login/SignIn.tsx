/** The sign-in page: the link from the terminal, or e-mail and password. */
import { toMessage } from "@aura/core"
import { useNavigate, useRouterState } from "@tanstack/react-router"
import { type FormEvent, useEffect, useState } from "react"
import { createAccount, signIn, useLogin } from "../../api/login.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"
import { Loading } from "../../components/Placeholder.tsx"
import { Mark } from "../../components/Wordmark.tsx"
import { useTitle } from "../../hooks/useTitle.ts"

export default function SignIn() {
  const { token, exchanging, problem } = useLogin()
  const navigate = useNavigate()
  const onOwnPage = useRouterState({ select: (state) => state.location.pathname === "/sign-in" })
  useTitle("Sign in")
  useEffect(() => {
    if (token && onOwnPage) void navigate({ to: "/", replace: true })
  }, [token, onOwnPage, navigate])
  return (
    <main className="flex h-dvh flex-col overflow-y-auto bg-canvas px-4 py-10">
      <div className="m-auto flex w-full max-w-sm flex-col gap-6">
        <Mark className="size-9" />
        {exchanging ? (
          <>
            <h1 className="font-semibold text-2xl tracking-tight">Signing in…</h1>
            <Loading rows={2} className="px-0" />
          </>
        ) : (
          <>
            <header className="flex flex-col gap-2">
              <h1 className="font-semibold text-2xl tracking-tight">Sign in to Aura</h1>
              <p className="text-pretty text-ink-2">
                Run <Command>npx aura link</Command> in Aura's folder on this machine and open the link it
                prints. It works once, for ten minutes.
              </p>
            </header>
            {problem && (
              <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-sm">
                {problem}
              </p>
            )}
            <div className="flex items-center gap-3 text-ink-3 text-xs">
              <span className="h-px flex-1 bg-line-strong" />
              or with a password
              <span className="h-px flex-1 bg-line-strong" />
            </div>
            <PasswordForm />
          </>
        )}
      </div>
    </main>
  )
}

function Command({ children }: { children: string }) {
  return (
    <code className="select-all rounded-sm border border-line-strong bg-surface px-1.5 py-0.5 font-mono text-ink text-xs">
      {children}
    </code>
  )
}

function PasswordForm() {
  const [email, setEmail] = useState("")
  const [password, setPassword] = useState("")
  const [code, setCode] = useState("")
  const [busy, setBusy] = useState<"in" | "create">()
  const [problem, setProblem] = useState<string>()

  async function submit(which: "in" | "create"): Promise<void> {
    setBusy(which)
    setProblem(undefined)
    try {
      await (which === "in" ? signIn(email, password) : createAccount(email, password, code.trim()))
    } catch (thrown) {
      setProblem(toMessage(thrown))
      setBusy(undefined)
    }
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void submit("in")
      }}
    >
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <TextField
        label="Sign-in code"
        hint="Only to create an account: the part after #code= of a link."
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {problem && (
        <p role="alert" className="text-bad text-sm">
          {problem}
        </p>
      )}
      <div className="flex gap-2">
        <Button submit tone="primary" className="flex-1" busy={busy === "in"}>
          Sign in
        </Button>
        <Button className="flex-1" busy={busy === "create"} onClick={() => void submit("create")}>
          Create account
        </Button>
      </div>
    </form>
  )
}
