/** The model and its key, when sessions turn over, what may be spent, and how this device looks. */
import type { ReactNode } from "react"
import { useCommand } from "../../api/commands.ts"
import { endLogin } from "../../api/login.ts"
import { useSignedInUser } from "../../api/queries/accounts.ts"
import { useSettings, useUpdate } from "../../api/queries/settings.ts"
import { isAtHome } from "../../api/window.ts"
import { Button } from "../../components/Button.tsx"
import { Facts } from "../../components/Facts.tsx"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { ThemeSwitch } from "../../components/ThemeSwitch.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { Devices } from "./Devices.tsx"
import { EditorChoice } from "./EditorChoice.tsx"
import { LanSwitches } from "./LanSwitches.tsx"
import { ModelFacts } from "./ModelFacts.tsx"
import { ModelForm } from "./ModelForm.tsx"
import { Providers } from "./Providers.tsx"
import { Updates } from "./Updates.tsx"

export default function Settings() {
  const settings = useSettings()
  const update = useUpdate()
  useTitle("Settings")
  if (settings.isError) return <Problem error={settings.error} onRetry={() => void settings.refetch()} />
  if (!settings.data) return <Loading rows={8} />
  const { data } = settings
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-2xl flex-col px-4 py-8 sm:px-8">
        <h1 className="font-semibold text-xl tracking-tight">Settings</h1>
        <Section
          title="Providers"
          about="Keys are stored encrypted on this machine and never shown again. Nothing is sent to a provider that is not in use, unless you ask here."
        >
          <Providers />
        </Section>
        <Section title="Model" about="Used by every project that does not name its own.">
          <ModelForm key={JSON.stringify(data)} settings={data} />
        </Section>
        <Section
          title="Known about these models"
          about="Enter what Aura does not know. An empty field goes back to what it knows."
        >
          <ModelFacts key={JSON.stringify(data.models)} entered={data.models} />
        </Section>
        <Section title="Appearance" about="Kept on this device.">
          <ThemeSwitch />
        </Section>
        {isAtHome() && (
          <Section title="Editor" about="Opens the folder and the files of a project.">
            <EditorChoice />
          </Section>
        )}
        {isAtHome() && update.data && update.data.state !== "off" && (
          <Section title="Updates" about="Every version is checked for Aura's signature before it is taken.">
            <Updates />
          </Section>
        )}
        <Section title="This install">
          <Facts
            facts={[
              ["Version", data.version],
              [
                "Data directory",
                <code key="dir" className="font-mono text-xs">
                  {data.dataDir}
                </code>,
              ],
              [
                "Model server",
                <code key="url" className="font-mono text-xs">
                  {data.modelBaseUrl}
                </code>,
              ],
            ]}
          />
        </Section>
        <Section title="Signed in">
          <SignedIn />
        </Section>
        <Section title="Devices" about="Where this account is signed in, and the way in for another device.">
          <Devices />
        </Section>
        <Section
          title="From other machines"
          about="These stay off for whoever is on another machine. They can be switched on from this machine only."
        >
          <LanSwitches />
        </Section>
      </div>
    </div>
  )
}

function Section({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-b py-7 last:border-0">
      <h2 className="font-semibold">{title}</h2>
      {about && <p className="mt-0.5 text-pretty text-ink-3 text-sm">{about}</p>}
      <div className="mt-4">{children}</div>
    </section>
  )
}

function SignedIn() {
  const user = useSignedInUser()
  const logout = useCommand("logout", true)
  return (
    <div className="flex items-center gap-4">
      <p className="mr-auto min-w-0 truncate text-ink-2">
        {user.data ? (user.data.user.email ?? user.data.user.displayName) : "On this device"}
      </p>
      <Button
        busy={logout.isPending}
        onClick={() => logout.mutate({}, { onSettled: () => endLogin("You are signed out.") })}
      >
        Sign out
      </Button>
    </div>
  )
}
