/** Standard output and error: what was written to them is written whole before the process ends. */

const outputs = [process.stdout, process.stderr]
const checkMs = 2000

export type Output = {
  /** The process is asked to end: from then on it does not wait for a reader that has stopped reading. */
  hurry(): void
  /** Resolves once everything is with the readers, or cannot be. */
  flush(): Promise<void>
}

function createOutput(): Output {
  let isHurried = false
  return {
    hurry() {
      isHurried = true
    },
    async flush() {
      await Promise.all(outputs.map((stream) => flush(stream, () => isHurried)))
    },
  }
}

/** The outputs of this process. */
export const output = createOutput()

/** Reports a failed write on stderr, but for a reader that has left: that is a normal end. */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return
    process.stderr.write(`The output could not be written (${error.code ?? error.message}).\n`)
    process.exitCode ||= 2
  })
  process.stderr.on("error", () => undefined)
}

function flush(stream: NodeJS.WriteStream, isHurried: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let left = stream.writableLength
    const timer = setInterval(() => {
      if (isHurried() && stream.writableLength >= left) end()
      left = stream.writableLength
    }, checkMs)
    const end = () => {
      clearInterval(timer)
      resolve()
    }
    // The callback of the last write comes after all others, with an error where the reader has left.
    stream.write("", end)
  })
}
