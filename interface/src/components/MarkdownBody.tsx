/** GitHub's markdown without raw HTML; nothing in it loads by itself and links leave no trace. */
import {
  type ComponentProps,
  createContext,
  isValidElement,
  lazy,
  memo,
  type ReactNode,
  Suspense,
  use,
} from "react"
import { type Components, Streamdown } from "streamdown"

type Element<K extends "a" | "img" | "input" | "pre"> = ComponentProps<K> & { node?: unknown }

const plain = ["h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "hr"] as const
const inline = ["strong", "em", "del", "sub", "sup", "code"] as const
const table = ["table", "thead", "tbody", "tr", "th", "td", "section"] as const

const Diagram = lazy(() => import("./Diagram.tsx"))

/** True while the text still grows: half a diagram is not drawn. */
const Growing = createContext(false)

const components: Components = {
  ...Object.fromEntries([...plain, ...inline, ...table].map((tag) => [tag, tag])),
  inlineCode: InlineCode,
  pre: Fence,
  a: Anchor,
  img: ImageLink,
  input: Tick,
}

export default memo(function MarkdownBody({ text, live }: { text: string; live: boolean }) {
  return (
    <Growing value={live}>
      <Streamdown
        mode={live ? "streaming" : "static"}
        parseIncompleteMarkdown={live}
        isAnimating={live}
        components={components}
        rehypePlugins={[]}
        skipHtml
        controls={false}
        linkSafety={{ enabled: false }}
      >
        {text}
      </Streamdown>
    </Growing>
  )
})

/** The box of a list of things to do; it shows, it cannot be set. */
function Tick({ checked }: Element<"input">) {
  return <input type="checkbox" disabled checked={checked} readOnly aria-label={checked ? "done" : "open"} />
}

/** A block of code; one in mermaid's language is drawn. */
function Fence({ children }: Element<"pre">) {
  const growing = use(Growing)
  const block = <pre>{children}</pre>
  const source = growing ? undefined : readDiagram(children)
  if (source === undefined) return block
  return (
    <Suspense fallback={block}>
      <Diagram source={source} />
    </Suspense>
  )
}

function readDiagram(children: ReactNode): string | undefined {
  if (!isValidElement<ComponentProps<"code">>(children)) return undefined
  const { className, children: text } = children.props
  return className?.split(" ").includes("language-mermaid") && typeof text === "string" ? text : undefined
}

function InlineCode({ children }: { children?: ReactNode; node?: unknown }) {
  return <code>{children}</code>
}

function Anchor({ href, children }: Element<"a">) {
  if (!href || !isWebAddress(href)) return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

/** A picture would be fetched from wherever the text says; the reader decides. */
function ImageLink({ src, alt }: Element<"img">) {
  if (typeof src !== "string" || !isWebAddress(src)) return <span>{alt}</span>
  return (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow">
      {alt || "Picture"} ↗
    </a>
  )
}

function isWebAddress(href: string): boolean {
  return /^https?:\/\//i.test(href)
}
