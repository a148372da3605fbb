/** What agents may not do, and what only the owner may: each rule refuses by itself, whoever comes to it. */
import type { AuraEvent } from "@aura/core"
import { describe, expect, it } from "vitest"
import { ann, memoryAura } from "../test/_aura.ts"
import * as asks from "./asks.ts"
import type { Caller } from "./caller.ts"
import * as feed from "./feed.ts"
import * as permissions from "./permissions.ts"
import * as projects from "./projects.ts"
import * as requirements from "./requirements/requirements.ts"
import * as waivers from "./requirements/waivers.ts"
import * as settings from "./settings.ts"
import * as specs from "./specs.ts"
import * as tasks from "./tasks/tasks.ts"

const agent: Caller = { kind: "agent", projectId: "p1", instanceId: "i1" }
const member: Caller = { kind: "person", name: "Max", role: "member", isHere: true }
const program: Caller = { kind: "aura", name: "test" }

type Deed = (caller: Caller) => Promise<unknown>
const aura = memoryAura()

const forPeople: Record<string, Deed> = {
  "answer an ask": (caller) => asks.answer(aura, caller, "a1", true),
  "change the permission level": (caller) => permissions.set(aura, caller, "p1", { level: 1 }),
  "change a project": (caller) => projects.update(aura, caller, "p1", { budgetUsd: null }),
  "remove a project": (caller) => projects.remove(aura, caller, "p1"),
  "save the requirements": (caller) => requirements.save(aura, caller, "p1", { markdown: "- x" }),
  "decide what counts": (caller) =>
    requirements.decideCount(aura, caller, "p1", { text: "x", counts: false }),
  "decide which requirement it is": (caller) =>
    requirements.decideIdentity(aura, caller, "p1", { text: "x", is: "R1" }),
  "waive a requirement": (caller) =>
    waivers.create(aura, caller, "p1", { requirementId: "R1", reason: "none" }),
  "withdraw a waiver": (caller) => waivers.remove(aura, caller, "p1", "w1"),
  "change what a spec says": (caller) => specs.update(aura, caller, "p1", "s1", { markdown: "x" }),
  "accept a proposed spec": (caller) => specs.acceptProposal(aura, caller, "p1", "s1", "plan1"),
  "change a task's checks": (caller) => tasks.update(aura, caller, "p1", "t1", { checks: ["true"] }),
  "change a task's requirements": (caller) =>
    tasks.update(aura, caller, "p1", "t1", { requirementIds: ["R1"] }),
  "declare a file harmless": (caller) =>
    tasks.update(aura, caller, "p1", "t1", { description: "Not secret: key.pem" }),
  "remove a task": (caller) => tasks.remove(aura, caller, "p1", "t1"),
  "accept a task": (caller) => tasks.accept(aura, caller, "p1", "t1"),
  "go on without a commit": (caller) => tasks.waive(aura, caller, "p1", "t1"),
}

const forTheOwner: Record<string, Deed> = {
  "change settings": (caller) => settings.update(aura, caller, { model: null }),
  "enter an API key": (caller) => settings.saveApiKey(aura, caller, "key-0123456789", "unchecked"),
  "remove an API key": (caller) => settings.removeApiKey(aura, caller),
}

const isForbidden = async (deed: Promise<unknown>) =>
  await deed.then(
    () => false,
    (thrown: unknown) => thrown instanceof Error && "code" in thrown && thrown.code === "forbidden",
  )

describe("an agent may not", () => {
  it.each(Object.entries({ ...forPeople, ...forTheOwner }))("%s", async (_, deed) => {
    expect(await isForbidden(deed(agent))).toBe(true)
    expect(await isForbidden(deed(ann))).toBe(false)
  })

  it("read the events of another project", async () => {
    const heard: AuraEvent[] = []
    const mine = feed.open(aura.store, agent)
    mine.subscribe((event) => heard.push(event))
    await aura.store.commit("spec.saved", { projectId: "p2", rows: {} })
    await aura.store.commit("spec.saved", { projectId: "p1", rows: {} })
    const { head } = aura.store
    expect(heard.map(({ projectId }) => projectId)).toEqual(["p1"])
    const page = await mine.after(head - 2, 10)
    expect(page.events.map(({ projectId }) => projectId)).toEqual(["p1"])
    expect(page.last).toBe(head)
    expect(mine.mayHear({ type: "commands.changed", projectId: "p2" })).toBe(false)
    expect((await feed.open(aura.store, ann).after(head - 2, 10)).events).toHaveLength(2)
    expect((await feed.open(aura.store, ann, "p2").after(head - 2, 10)).events).toHaveLength(1)
  })
})

describe("whoever does not own this Aura may not", () => {
  it.each(Object.entries(forTheOwner))("%s", async (_, deed) => {
    expect(await isForbidden(deed(member))).toBe(true)
    expect(await isForbidden(deed(ann))).toBe(false)
  })
})

it("a stored API key is given to the program alone", async () => {
  for (const caller of [agent, member, ann]) {
    expect(await isForbidden(settings.storedKey(aura, caller))).toBe(true)
    expect(await isForbidden(settings.findKey(aura, caller))).toBe(true)
  }
  expect(await isForbidden(settings.findKey(aura, program))).toBe(false)
})

it("everything is permitted only from Aura's own machine", async () => {
  const all = (isHere: boolean) => permissions.set(aura, { ...ann, isHere }, "p1", { level: 4, confirm: "p" })
  expect(await isForbidden(all(false))).toBe(true)
  expect(await isForbidden(all(true))).toBe(false)
})
