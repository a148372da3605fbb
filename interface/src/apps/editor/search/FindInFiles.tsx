/** Searches all files of the folder; a result opens its file at that line. */
import { toMessage } from "@aura/core"
import { CaseSensitive, Regex, WholeWord } from "lucide-react"
import { type ReactNode, useEffect, useRef, useState } from "react"
import { useTextHits } from "../../../api/workspace.ts"
import { cx } from "../../../components/cx.ts"
import { inputClass } from "../../../components/Field.tsx"
import { useThrottled } from "../../../hooks/useThrottled.ts"
import { groupHits } from "./find.logic.ts"

export type TextSearch = { text: string; isCased: boolean; isWord: boolean; isPattern: boolean }

type Props = {
  projectId: string
  search: TextSearch
  onSearch: (search: TextSearch) => void
  onOpen: (path: string, line: number) => void
}

export function FindInFiles({ projectId, search, onSearch, onOpen }: Props) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  const asked = useThrottled(search, 250)
  const hits = useTextHits(projectId, asked)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const files = groupHits(hits.data?.items ?? [])
  const count = hits.data?.items.length ?? 0
  const toggle = (key: "isCased" | "isWord" | "isPattern", label: string, icon: ReactNode) => (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={search[key]}
      onClick={() => onSearch({ ...search, [key]: !search[key] })}
      className={cx(
        "flex size-7 shrink-0 items-center justify-center rounded-md",
        search[key] ? "bg-accent-soft text-accent" : "text-ink-3 hover:bg-hover hover:text-ink",
      )}
    >
      {icon}
    </button>
  )
  return (
    <>
      <div className="flex items-center gap-0.5 p-2">
        <input
          type="search"
          aria-label="Find in all files"
          placeholder="Find in all files"
          autoComplete="off"
          spellCheck={false}
          ref={field}
          value={search.text}
          onChange={(event) => onSearch({ ...search, text: event.target.value })}
          className={cx(inputClass, "mr-1 h-8 min-w-0 flex-1 text-sm")}
        />
        {toggle("isCased", "Match case", <CaseSensitive aria-hidden="true" className="size-4" />)}
        {toggle("isWord", "Whole words", <WholeWord aria-hidden="true" className="size-4" />)}
        {toggle("isPattern", "Pattern", <Regex aria-hidden="true" className="size-4" />)}
      </div>
      <p role="status" className={cx("px-3 pb-1 text-xs", hits.isError ? "text-bad" : "text-ink-3")}>
        {hits.isError
          ? toMessage(hits.error)
          : asked.text === ""
            ? "What git ignores is left out."
            : hits.data
              ? count === 0
                ? "Nothing found."
                : `${hits.data.isCut ? "The first " : ""}${count} ${count === 1 ? "place" : "places"} in ${files.length} ${files.length === 1 ? "file" : "files"}`
              : "Searching"}
      </p>
      <ul aria-label="Places" className="min-h-0 flex-1 overflow-y-auto pb-2">
        {files.map(({ path, hits: places }) => {
          const name = path.slice(path.lastIndexOf("/") + 1)
          const isOpen = !folded.has(path)
          return (
            <li key={path} className="[contain-intrinsic-size:auto_6rem] [content-visibility:auto]">
              <button
                type="button"
                aria-expanded={isOpen}
                title={path}
                onClick={() =>
                  setFolded(new Set(isOpen ? [...folded, path] : [...folded].filter((one) => one !== path)))
                }
                className="flex w-full items-baseline gap-2 px-3 py-1 text-left text-sm hover:bg-hover -outline-offset-2"
              >
                <span className="shrink-0 font-medium">{name}</span>
                <span className="min-w-0 flex-1 truncate text-ink-3 text-xs">
                  {path.slice(0, -name.length)}
                </span>
                <span className="text-ink-3 text-xs tabular-nums">{places.length}</span>
              </button>
              {isOpen && (
                <ul>
                  {places.map((hit) => (
                    <li key={`${hit.line}:${hit.at}`}>
                      <button
                        type="button"
                        onClick={() => onOpen(path, hit.line)}
                        className="flex w-full items-baseline gap-2 py-0.5 pr-3 pl-5 text-left font-mono text-xs leading-5 hover:bg-hover -outline-offset-2 pointer-coarse:py-2"
                      >
                        <span className="shrink-0 text-ink-3 tabular-nums">{hit.line}</span>
                        <span className="min-w-0 truncate">
                          {hit.text.slice(0, hit.at).trimStart()}
                          <mark className="rounded-xs bg-warn-soft text-ink">
                            {hit.text.slice(hit.at, hit.at + hit.length)}
                          </mark>
                          {hit.text.slice(hit.at + hit.length)}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
