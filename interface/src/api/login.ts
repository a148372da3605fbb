/** Who is signed in on this device: the token, how it was got and how it ended. */
import { type CallOutput, createClient, toMessage } from "@aura/core"
import { create } from "zustand"
import { takeCode } from "./login.logic.ts"
import { askToSignIn, isInWindow } from "./window.ts"

const storageKey = "aura-token"
/** Aura's own window signs in at each start; its token is not kept on the disk. */
const storage = isInWindow() ? sessionStorage : localStorage

type Login = {
  token: string | undefined
  /** True while a code from the address bar is being exchanged. */
  exchanging: boolean
  /** Why the sign-in view is on screen, when there is something to say. */
  problem: string | undefined
}

export const useLogin = create<Login>(() => ({
  token: storage.getItem(storageKey) ?? undefined,
  exchanging: false,
  problem: undefined,
}))

const open = createClient("", () => undefined)

/** Keeps the token of a good answer. */
export function acceptLogin(answer: CallOutput<"exchangeCode">): void {
  storage.setItem(storageKey, answer.access_token)
  useLogin.setState({ token: answer.access_token, exchanging: false, problem: undefined })
}

/** Forgets the token on this device. */
export function endLogin(problem?: string): void {
  storage.removeItem(storageKey)
  useLogin.setState({ token: undefined, exchanging: false, problem })
}

export async function signIn(email: string, password: string): Promise<void> {
  acceptLogin(await open.call("login", { body: { email, password } }))
}

export async function createAccount(email: string, password: string, code: string): Promise<void> {
  acceptLogin(await open.call("register", { body: { email, password, ...(code ? { code } : {}) } }))
}

/** The server no longer knows the token; Aura's own window signs in again by itself. */
export function loseLogin(): void {
  endLogin("Your sign-in has ended. Sign in again to go on.")
  askToSignIn()
}

/** Uses up the code in the address bar, now and whenever a link is pasted into this tab. Call once. */
export function watchAddress(): void {
  void exchangeFromAddress()
  window.addEventListener("hashchange", () => void exchangeFromAddress())
  window.addEventListener("storage", (event) => {
    if (event.key === storageKey) useLogin.setState({ token: event.newValue ?? undefined })
  })
}

async function exchangeFromAddress(): Promise<void> {
  const found = takeCode(`${location.pathname}${location.search}${location.hash}`)
  if (!found) return
  history.replaceState(history.state, "", found.rest)
  useLogin.setState({ exchanging: true, problem: undefined })
  try {
    acceptLogin(await open.call("exchangeCode", { body: { code: found.code } }))
  } catch (thrown) {
    useLogin.setState({ exchanging: false, problem: `This link did not work: ${toMessage(thrown)}` })
  }
}
