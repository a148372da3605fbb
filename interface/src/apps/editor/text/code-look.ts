/** How CodeMirror looks in Aura: its colours are the tokens, so that it follows the theme by itself. */
import { HighlightStyle } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags } from "@lezer/highlight"

export const marks = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.inserted], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.escape], color: "var(--warn)" },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName], color: "var(--warn)" },
  { tag: [tags.meta, tags.processingInstruction], color: "var(--ink-3)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], fontWeight: "600" },
  { tag: [tags.propertyName, tags.attributeName, tags.punctuation], color: "var(--ink-2)" },
  { tag: tags.heading, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.link, color: "var(--accent)", textDecoration: "underline" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.invalid, tags.deleted], color: "var(--bad)" },
])

const soft = (token: string, percent: number) =>
  `color-mix(in oklab, var(--${token}) ${percent}%, transparent)`

export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "8px 0 40vh", caretColor: "var(--accent)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: soft("accent", 24),
  },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 16px", minWidth: "44px" },
  ".cm-activeLine": { backgroundColor: soft("ink", 4) },
  ".cm-activeLineGutter": { backgroundColor: soft("ink", 4), color: "var(--ink)" },
  ".cm-foldGutter .cm-gutterElement": { color: "var(--ink-3)", padding: "0 4px" },
  ".cm-foldPlaceholder": {
    background: "var(--hover)",
    border: "none",
    color: "var(--ink-2)",
    padding: "0 6px",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: soft("accent", 22), outline: "none" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: soft("bad", 22) },
  ".cm-selectionMatch": { backgroundColor: soft("accent", 12) },
  ".cm-searchMatch": { backgroundColor: soft("warn", 26), outline: `1px solid ${soft("warn", 60)}` },
  ".cm-searchMatch *, .cm-selectionMatch *": { color: "var(--ink)" },
  ".cm-searchMatch-selected": { backgroundColor: soft("warn", 52) },
  ".cm-specialChar": { color: "var(--bad)" },
  ".cm-touched": { animation: "cm-touched 2.4s var(--ease-out)", boxShadow: "inset 2px 0 var(--accent)" },
  "@media (prefers-reduced-motion: reduce)": { ".cm-touched": { animation: "none" } },
  "@keyframes cm-touched": { from: { backgroundColor: soft("accent", 26) } },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search, .cm-panel.cm-gotoLine": {
    padding: "8px 40px 8px 12px",
    fontFamily: "var(--font-sans)",
    fontSize: "13px",
  },
  ".cm-panel.cm-search label": { fontSize: "13px", display: "inline-flex", gap: "4px", marginRight: "8px" },
  ".cm-textfield": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    padding: "3px 8px",
    fontSize: "13px",
  },
  ".cm-textfield:focus": { borderColor: "var(--accent)", outline: `2px solid ${soft("accent", 30)}` },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    padding: "3px 10px",
    fontSize: "13px",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-button:active": { backgroundImage: "none" },
  ".cm-panel button[name=close]": { fontSize: "20px", color: "var(--ink-2)", right: "10px", top: "6px" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "var(--shadow-float)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  "&.cm-merge-b .cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--ok-soft)" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--bad-soft)" },
  "&.cm-merge-b .cm-changedText": {
    background: `linear-gradient(${soft("ok", 70)}, ${soft("ok", 70)}) bottom/100% 2px no-repeat !important`,
  },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: `linear-gradient(${soft("bad", 70)}, ${soft("bad", 70)}) bottom/100% 2px no-repeat !important`,
  },
  ".cm-changeGutter .cm-changedLineGutter": { background: "var(--ok) !important" },
  "&.cm-merge-a .cm-changeGutter .cm-changedLineGutter, .cm-changeGutter .cm-deletedLineGutter": {
    background: "var(--bad) !important",
  },
  ".cm-deletedChunk .cm-chunkButtons": { insetInlineEnd: "12px", zIndex: "1" },
  ".cm-deletedChunk .cm-chunkButtons button": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    color: "var(--ink)",
    fontFamily: "var(--font-sans)",
    fontSize: "12px",
    lineHeight: "18px",
    padding: "0 8px",
  },
  ".cm-deletedChunk .cm-chunkButtons button:hover": { backgroundColor: "var(--hover)" },
  ".cm-collapsedLines": {
    background: "var(--sunken)",
    color: "var(--ink-2)",
    fontFamily: "var(--font-sans)",
    fontSize: "12px",
    padding: "3px 16px",
  },
})
