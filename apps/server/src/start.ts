/** Starts Aura in this process: memory, rules, engine and app, composed once. */
import { randomUUID } from "node:crypto"
import { rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import {
  AuraError,
  createIds,
  createRedactor,
  describeDisk,
  isDiskFull,
  providerIds,
  providers,
  splitModelId,
  toMessage,
} from "@aura/core"
import {
  type Aura,
  auth,
  createBrake,
  createCodes,
  type Keychain,
  loadKeys,
  makeDataDir,
  makePairingCode,
  openAuditLog,
  settings,
  snapshots as snapshotRows,
  toAuditFacts,
  toUnusable,
} from "@aura/domain"
import { commits, type Engine, goOn, goOnBuilding, recover, suspendAll } from "@aura/engine"
import { defaultFastModel, defaultModel } from "@aura/model"
import {
  createRedactingStore,
  createRetryingStore,
  type Damage,
  type OpenedStore,
  openStore,
} from "@aura/store"
import {
  createCustody,
  createPatience,
  createSnapshots,
  createTerminals,
  findBrowser,
  findProgram,
  findSandbox,
  openMediaStore,
  openPlace,
} from "@aura/workspace"
import { buildApp } from "./app.ts"
import { keepAskClock } from "./ask-clock.ts"
import { keepAttached } from "./attached.ts"
import { openCertificate } from "./certificate.ts"
import { createConnectionLimit } from "./connection-limit.ts"
import { createMark } from "./crash-mark.ts"
import type { Env } from "./env.ts"
import { findPlaces, rememberWorkspaces } from "./env-files.ts"
import { ignoreForeignAddresses } from "./foreign-addresses.ts"
import type { Host } from "./host.ts"
import { listen } from "./listen.ts"
import { createLiveFeed } from "./live-feed.ts"
import { createModels, type Patience } from "./models.ts"
import { createOutlets, type Limits } from "./outlets.ts"
import { keepPrivate } from "./private-files.ts"
import { isLoopback, toLanName } from "./reach.ts"
import { cleanRow, createRedactingFeed } from "./redacting.ts"
import { rehearseOnce } from "./rehearsal.ts"
import { findInstaller, readPackagedKey } from "./updates/install.ts"
import { createUpdates } from "./updates/updates.ts"
import { version } from "./version.ts"
import { createWindows } from "./windows.ts"

export type StartOptions = {
  env: Env
  /** Runs the rehearsal when no key is configured and this data directory has not run it yet. */
  rehearses?: boolean
  /** True: for a read-only command; work interrupted by a crash is not resumed. */
  isLooking?: boolean
  /** The address of the interface when another server serves it, e.g. Vite. */
  publicUrl?: string
  rehearsalCharsPerSec?: number
  patience?: Patience
  /** Limits of sockets and streams and their queues, if not the defaults. */
  limits?: Limits
  /** The keychain for the API key, if the machine has one. */
  keychain?: (installId: string) => Keychain
  log?: (line: string) => void
}

export type Running = {
  url: string
  host: Host
  engine: Engine
  aura: Aura
  createSignInLink(): string
  /** Stops all work in order, and closes the store. */
  stop(): Promise<void>
}

const checkpointMs = 60 * 60 * 1000
/** The number of newest events to keep; older ones are compacted when there are as many again. */
const keptEvents = 100_000

async function keepHistory(store: OpenedStore): Promise<void> {
  await store.checkpoint()
  if (store.head - store.sealed > 2 * keptEvents) await store.compact(store.head - keptEvents)
}

/**
 * @throws AuraError `conflict` when another Aura holds the data directory or the port is taken, `bad_request`
 * when the data directory cannot be used
 */
export async function startServer(options: StartOptions): Promise<Running> {
  const undo: (() => Promise<void>)[] = []
  try {
    return await start(options, undo)
  } catch (cause) {
    for (const close of undo.reverse()) await close()
    throw isDiskFull(cause) ? toUnusable(options.env.dataDir, cause) : cause
  }
}

/** @param undo gives back what was opened, where the start fails after it */
async function start(options: StartOptions, undo: (() => Promise<void>)[]): Promise<Running> {
  const { env } = options
  await makeDataDir(env.dataDir)
  const looking = findSandbox(env.unsandboxed)
  const keys = await loadKeys(env.dataDir)
  const redactor = createRedactor([
    env.apiKey,
    ...Object.values(env.providers).map(({ apiKey }) => apiKey),
    Buffer.from(keys.signing).toString("base64"),
    Buffer.from(keys.sealing).toString("base64"),
  ])
  const log = (line: string) => options.log?.(redactor.text(line))
  const store = await openStore(join(env.dataDir, "db"), {
    now: Date.now,
    onDamage: (found) => log(toWarning(found)),
  })
  undo.push(() => store.close())
  const redactingStore = createRedactingStore(store, (table, row) => cleanRow(redactor, table, row))
  const feed = createLiveFeed()
  const sandbox = await looking
  const aura: Aura = {
    store: redactingStore,
    now: Date.now,
    newId: createIds(Date.now, Math.random),
    live: createRedactingFeed(redactor, feed.tell),
    redactor,
    keychain: options.keychain?.(keys.installId) ?? null,
    ...createMark(),
    signInCodes: createCodes(Date.now, 10 * 60 * 1000),
    pairingCodes: createCodes(Date.now, 5 * 60 * 1000, makePairingCode),
    socketTickets: createCodes(Date.now, 30 * 1000),
    loginBrake: createBrake(Date.now),
    keys,
    config: {
      dataDir: env.dataDir,
      version,
      publicUrl: "",
      lanUrl: null,
      lanSecure: null,
      model: env.model ?? defaultModel,
      fastModel: env.fastModel ?? defaultFastModel,
      fallbackModel: env.fallbackModel,
      rotateAt: env.rotateAt,
      effort: env.effort,
      models: env.models,
      contextWindow: env.contextWindow,
      modelBaseUrl: env.modelBaseUrl,
      providers: { ...env.providers },
      sandbox: { kind: sandbox.kind, reason: "reason" in sandbox ? sandbox.reason : null },
      apiKey: env.apiKey,
    },
  }
  const { damage } = store
  if (!damage) await auth.ensureOwner(aura)
  if (!isLoopback(env.host) && !(await auth.hasPassword(aura))) {
    throw new AuraError(
      "bad_request",
      `On ${env.host} other machines could reach Aura, so its owner needs a password first. Set one with: npx aura password E-MAIL`,
    )
  }
  const interrupted = options.isLooking || damage ? [] : await recover(aura)
  const audit = await openAuditLog(join(env.dataDir, "audit"), {
    key: keys.signing,
    now: Date.now,
    onProblem: (thrown) => log(`The audit log could not be written: ${toMessage(thrown)}`),
  })
  const forgetPrivate = await keepPrivate(env.dataDir)
  store.subscribe((event) => audit.note(redactor.value(toAuditFacts(event))))
  for (const id of providerIds)
    redactor.learn(await settings.storedKey(aura, { kind: "aura", name: "redactor" }, id).catch(() => null))
  await ignoreForeignAddresses(aura, env, log)
  const models = await createModels(aura, options)
  const custody = createCustody({
    sandbox,
    dataDir: env.dataDir,
    redactor,
    onChange: (projectId) => aura.live({ type: "commands.changed", projectId }),
  })
  undo.push(async () => custody.close())
  const tellDisk = (isFull: boolean) => {
    log(describeDisk(isFull))
    aura.live({ type: "disk.changed", isFull })
  }
  const stopping = new AbortController()
  const patience = createPatience(stopping.signal, tellDisk)
  const patient = { ...aura, store: createRetryingStore(redactingStore, tellDisk) }
  const snapshots = createSnapshots(
    {
      dataDir: env.dataDir,
      now: aura.now,
      newId: () => aura.newId("snapshot"),
      rows: snapshotRows.rowsOf(patient),
    },
    { holdsGit: sandbox.kind === "off" || sandbox.kind === "missing" },
  )
  const terminals = createTerminals(Date.now, aura.newId, keys.installId)
  const machine = { dataDir: env.dataDir, custody, sandbox, snapshots, terminals, patience }
  const engine: Engine = {
    aura: patient,
    modelFor: models.of,
    findModel: models.find,
    browser: findBrowser(),
    media: await openMediaStore(join(env.dataDir, "media"), Date.now),
    openPlace({ id, rehearsal, workspacePath }, instance) {
      const at = instance?.workspace ?? { kind: "local", path: workspacePath }
      const owner = { projectId: id, isOwn: rehearsal }
      return openPlace(at.kind === "local" ? { ...at, machine, owner } : at)
    },
    report: (thrown) => log(`A loop ended without being able to say so: ${toMessage(thrown)}`),
    running: new Map(),
  }
  const updates = createUpdates({
    baseUrl: options.isLooking ? null : env.updateBaseUrl,
    key: env.updateKey ?? (await readPackagedKey()),
    dataDir: env.dataDir,
    version,
    installer: await findInstaller(),
    channel: async () => (await settings.get(aura)).updateChannel,
    isWorking: () => engine.running.size > 0,
    now: Date.now,
  })
  const publicHost = env.publicHost?.toLowerCase() ?? null
  const host: Host = {
    aura,
    engine,
    terminals,
    snapshots,
    custody,
    models,
    feed,
    hostNames: new Set(["127.0.0.1", "localhost", "[::1]", env.host.toLowerCase()]),
    isLan: !isLoopback(env.host),
    certificate: isLoopback(env.host) ? undefined : await openCertificate(env.dataDir, Date.now),
    port: undefined,
    publicHost,
    trustedProxies: env.trustedProxies,
    frontAuthorities: new Set(options.publicUrl ? [new URL(options.publicUrl).host] : []),
    allowedOrigins: new Set([...env.allowedOrigins, ...(options.publicUrl ? [options.publicUrl] : [])]),
    tokenBrake: createBrake(Date.now, 100, 60 * 1000),
    connectionLimit: createConnectionLimit(),
    outlets: createOutlets(options.limits),
    windows: createWindows(() => randomUUID()),
    findProgram,
    updates,
    audit,
  }
  const app = await buildApp(host, log)
  let commitsLookedAt: Promise<void> = Promise.resolve()
  const closeAll = async () => {
    stopping.abort()
    await commitsLookedAt
    updates.stop()
    await suspendAll(engine)
    await terminals.removeAll()
    custody.close()
    await host.outlets.close()
    await app.close()
    await models.close()
    await store.close()
    await audit.settled()
    forgetPrivate()
  }
  undo.push(closeAll)
  const url = await listen(app, env)
  host.port = Number(new URL(url).port || 80)
  const lanName = publicHost ?? toLanName(env.host)
  if (host.isLan && lanName) {
    aura.config.lanUrl = `http://${lanName}:${host.port}`
    const fingerprint = host.certificate?.fingerprint
    if (fingerprint) aura.config.lanSecure = { url: `https://${lanName}:${host.port}`, fingerprint }
  }
  aura.config.publicUrl = options.publicUrl ?? url
  const holder = join(env.dataDir, "server.json")
  // A read-only command ends soon, so others must not connect to it.
  if (!options.isLooking) {
    await writeFile(`${holder}.draft`, JSON.stringify({ url, pid: process.pid, version }), { mode: 0o600 })
    await rename(`${holder}.draft`, holder)
  }
  const checkpoints = setInterval(
    () => void keepHistory(store).catch((cause: unknown) => log(`No checkpoint was made: ${String(cause)}`)),
    checkpointMs,
  )
  checkpoints.unref()
  const forgetAttached = await keepAttached(
    aura,
    (thrown) => log(`The list of attached folders could not be written: ${toMessage(thrown)}`),
    (folders) => rememberWorkspaces(findPlaces(process.env, null), folders),
  )
  if (!options.isLooking) terminals.endLeft()
  const stopAsks = damage
    ? () => undefined
    : keepAskClock(aura, (thrown) => log(`Asks could not be ended: ${toMessage(thrown)}`))
  await goOn(engine, interrupted)
  if (!options.isLooking && !damage) await goOnBuilding(engine)
  if (!options.isLooking && !damage)
    commitsLookedAt = commits
      .checkAll(engine, stopping.signal, (thrown) =>
        log(`A project's commits could not be looked at: ${toMessage(thrown)}`),
      )
      .catch((thrown: unknown) => log(`Commits could not be looked at: ${toMessage(thrown)}`))
  if (options.rehearses && !damage && (await isKeyless(aura))) await rehearseOnce(aura, engine)
  const end = async () => {
    clearInterval(checkpoints)
    forgetAttached()
    stopAsks()
    await closeAll()
    if (!options.isLooking) await rm(holder, { force: true })
  }
  let ended: Promise<void> | undefined
  return {
    url,
    host,
    engine,
    aura,
    createSignInLink: () => auth.createSignInLink(aura).url,
    stop() {
      ended ??= end()
      return ended
    },
  }
}

function toWarning({ reason, checkpoints }: Damage): string {
  const newest = checkpoints[0]
  const way = newest
    ? `Stop Aura, then go back to the newest good copy: npx aura checkpoints --restore ${newest}`
    : "There is no copy to go back to."
  return `The memory is damaged: ${reason} It is open for reading only. ${way}`
}

/** True when the provider of the main model needs a key and has none. */
export async function isKeyless(aura: Aura): Promise<boolean> {
  const { provider } = splitModelId((await settings.get(aura)).model)
  const { status } = await settings.apiKeyStatus(aura, provider)
  const { baseUrl } = await settings.findAddress(aura, provider)
  return providers[provider].needsKey && status === "not_set" && baseUrl === null
}
