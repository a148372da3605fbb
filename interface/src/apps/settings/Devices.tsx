/** Devices that are signed in, each with its way out; and the code that lets another one in. */
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { loginsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { endLogin } from "../../api/login.ts"
import { useLogins } from "../../api/queries/accounts.ts"
import { Button } from "../../components/Button.tsx"
import Confirm from "../../components/Confirm.tsx"
import { formatTime } from "../../components/format.ts"
import { Problem } from "../../components/Placeholder.tsx"

const ways = { link: "by sign-in link", pairing: "by pairing", password: "with the password" } as const

export function Devices() {
  const logins = useLogins()
  const end = useCommand("endLogin")
  const endAll = useCommand("endAllLogins")
  const [asks, setAsks] = useState(false)
  const queries = useQueryClient()
  if (logins.isError) return <Problem error={logins.error} onRetry={() => void logins.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Signed-in devices" className="flex flex-col divide-y divide-line">
        {logins.data?.items.map((login) => (
          <li key={login.id} className="flex min-h-11 items-center gap-4 py-1.5">
            <p className="mr-auto min-w-0">
              {login.device}
              {login.isCurrent && <span className="text-ink-3"> · this device</span>}
              <span className="block text-ink-3 text-sm">
                {ways[login.via]} from {login.address} · {formatTime(login.createdAt)}
              </span>
            </p>
            {!login.isCurrent && (
              <Button
                size="small"
                aria-label={`Sign out ${login.device}`}
                onClick={() =>
                  end.mutate(
                    { params: { id: login.id } },
                    { onSuccess: () => queries.invalidateQueries({ queryKey: loginsKey }) },
                  )
                }
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-start gap-4">
        <Pairing />
        <Button tone="danger" onClick={() => setAsks(true)}>
          Sign out everywhere
        </Button>
      </div>
      {asks && (
        <Confirm
          title="Sign out everywhere?"
          action="Sign out everywhere"
          danger
          onClose={() => setAsks(false)}
          onConfirm={() => endAll.mutate({}, { onSuccess: () => endLogin("You are signed out everywhere.") })}
        >
          Every device and every token for scripts stops working at once, this device included.
        </Confirm>
      )}
    </div>
  )
}

function Pairing() {
  const pair = useCommand("createPairing")
  if (!pair.data)
    return (
      <Button busy={pair.isPending} onClick={() => pair.mutate({})}>
        Pair a device
      </Button>
    )
  const { code, svg, secure } = pair.data
  const url = secure?.url ?? pair.data.url
  return (
    <div className="flex flex-col gap-2">
      <img
        alt={`QR code of ${url}`}
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        className="size-48 rounded-md bg-white p-2"
      />
      <code className="select-all font-mono text-sm">{code}</code>
      <p className="max-w-xs text-ink-3 text-sm">
        Open <span className="break-all">{url}</span> on the other device. It works once, for five minutes.
      </p>
      {secure && (
        <p className="max-w-xs text-ink-3 text-sm">
          The device warns of a certificate that it does not know. Go on only if its SHA-256 fingerprint is{" "}
          <code className="break-all font-mono">{secure.fingerprint}</code>
        </p>
      )}
    </div>
  )
}
