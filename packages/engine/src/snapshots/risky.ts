/** Commands that may cost files nobody else has. When in doubt one is risky: a snapshot is cheap. */

const risky: readonly RegExp[] = [
  /\brm\s+(?:-\S+\s+)*-\S*[rRf]/,
  /\brm\s+[^|;&]*\*/,
  /(?:^|[;&|({`\n]|\b(?:sudo|env|command|exec|then|do|else)\b)\s*(?:\w+=\S*\s+)*rm\s/,
  /\b(?:unlink|shred|truncate|wipe|srm)\b/,
  /\bfind\b[^|;]*\s-(?:delete|exec(?:dir)?\s+(?:rm|mv|sh|bash))\b/,
  /\bxargs\b[^|;]*\b(?:rm|mv)\b/,
  /\bgit\b[^|;&]*\b(?:reset|clean|restore|checkout|switch|rebase|merge|pull|am|apply|gc|prune|rm|mv|filter-branch|filter-repo|update-ref)\b/,
  /\bgit\b[^|;&]*\bstash\b/,
  /\bgit\b[^|;&]*\bpush\b[^|;&]*(?:--force|--delete|--mirror|\s-[a-zA-Z]*f|\s\+|\s:)/,
  /\bgit\b[^|;&]*\b(?:branch|tag)\b[^|;&]*\s-(?:[dDfM]|-delete|-force)/,
  /\bgit\b[^|;&]*\b(?:reflog|worktree|submodule)\b[^|;&]*\b(?:expire|delete|remove|prune|deinit)\b/,
  /\brsync\b[^|;&]*--delete/,
  /\bdd\b[^|;&]*\bof=/,
  /\bmv\b/,
  /\bcp\s+(?:-\S+\s+)*-\S*[fraR]/,
  /\b(?:tar|unzip|bsdtar|cpio|7z)\b[^|;&]*(?:\s-?\w*x|-o\b|\.zip|--extract)/,
  /\bsed\b[^|;&]*\s-\S*i/,
  /\bperl\b[^|;&]*\s-\S*i/,
  /\b(?:rmtree|rmSync|rmdirSync|unlinkSync|removedirs|os\.remove|FileUtils\.rm|fs\.rm|del\s+\/)/,
  /\b(?:rimraf|del-cli|trash)\b/,
  /\bmake\b[^|;&]*\b(?:clean|distclean|mrproper)\b/,
  /\b(?:npm|yarn|pnpm)\b[^|;&]*\bclean\b/,
  /\b(?:eval|base64\s+(?:-d|--decode))\b/,
  /(?:^|[|;&]\s*)(?:sh|bash|zsh|dash|python3?|node|perl|ruby)\s*(?:$|-c\b|-e\b|-\s*$|<)/,
]

/** True for a command that may delete or overwrite more than it names. */
export function isRisky(command: string): boolean {
  return risky.some((pattern) => pattern.test(command))
}
