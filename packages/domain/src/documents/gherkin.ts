/** Gherkin, fenced or bare: each scenario is one statement, with its steps. */

export type Scenario = { text: string; line: number; isBackground: boolean }

const scenario = toLineStart(
  "Scenario Outline, Scenario Template, Scenario, Example, Rule, Szenariogrundriss, Szenario, Beispiel, Regel, Escenario, Esquema del escenario, Ejemplo, Regla, Scénario, Plan du scénario, Exemple, Règle, Cenário, Esquema do Cenário, Exemplo, Regra, Scenario, Schema dello scenario, Esempio, Regola, Сценарий, Структура сценария, Пример, Правило, Сценарій, Scenariusz, Szablon scenariusza, Przykład, Reguła, Scénář, Senaryo, Senaryo taslağı, Skenario, Kịch bản, Tình huống, シナリオ, シナリオアウトライン, シナリオテンプレート, ルール, 场景, 场景大纲, 剧本, 場景, 劇本, 规则, 시나리오, 시나리오 개요, 규칙, परिदृश्य, سيناريو, سناریو",
)
const feature = toLineStart(
  "Feature, Ability, Business Need, Background, Examples, Scenarios, Funktionalität, Funktion, Grundlage, Hintergrund, Voraussetzungen, Beispiele, Característica, Necesidad del negocio, Requisito, Antecedentes, Ejemplos, Fonctionnalité, Contexte, Exemples, Funcionalidade, Contexto, Exemplos, Funzionalità, Contesto, Esempi, Функция, Функционал, Функциональность, Предыстория, Контекст, Примеры, Функціонал, Передумова, Приклади, Właściwość, Funkcja, Założenia, Przykłady, Požadavek, Özellik, Geçmiş, Örnekler, Fitur, Dasar, Contoh, Tính năng, Bối cảnh, Dữ liệu, フィーチャ, 機能, 背景, 例, サンプル, 功能, 例子, 기능, 배경, 예, रूप लेख, पृष्ठभूमि, उदाहरण, خاصية, الخلفية, امثلة",
)
const background =
  /^(?:Background|Grundlage|Hintergrund|Voraussetzungen|Antecedentes|Contexte|Contexto|Contesto|Предыстория|Контекст|Передумова|Założenia|Geçmiş|Dasar|Bối cảnh|背景|배경|पृष्ठभूमि|الخلفية)\s*[:：]/u
const step =
  /^(?:\* |(?:Given|When|Then|And|But|Angenommen|Gegeben sei(?:en)?|Wenn|Dann|Und|Aber|Dado|Dada|Dados|Dadas|Cuando|Entonces|Étant donné(?:e?s?)?(?: que)?|Soit|Quand|Lorsque|Alors|Quando|Então|Entao|Dato|Allora|Допустим|Дано|Пусть|Если|Когда|То|Тогда|Zakładając|Mając|Jeżeli|Jeśli|Gdy|Kiedy|Wtedy|Diyelim ki|Eğer ki|O zaman|Dengan|Ketika|Maka|Biết|Cho|Khi|Thì|Và)\s|前提|もし|ならば|かつ|假如|假设|假定|当|那么|那麼|而且|并且|먼저|만일|만약|그러면|अगर|जब|तब|بفرض|متى|اذاً)/u
const opening =
  /^(?:(?:Given|Angenommen|Gegeben|Dado|Dada|Étant|Soit|Dato|Допустим|Дано|Пусть|Zakładając|Mając|Diyelim|Dengan|Biết|Cho)\s|前提|假如|假设|假定|먼저|अगर|بفرض)/u

/**
 * @param first the line of the document it begins on
 * @returns undefined for what is no Gherkin
 */
export function readGherkin(text: string, first: number): Scenario[] | undefined {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
  const steps = lines.filter((line) => step.test(line)).length
  const hasScenario = lines.some((line) => scenario.test(line) || feature.test(line))
  const isSteps = steps >= 2 && lines.some((line) => opening.test(line))
  if (!(hasScenario && steps > 0) && !isSteps && !lines.some(isTitled)) return undefined
  const found: { parts: string[]; line: number; isBackground: boolean }[] = []
  let now: (typeof found)[number] | undefined
  let isText = false
  for (const [i, line] of lines.entries()) {
    if (/^(?:"""|```)/.test(line)) isText = !isText
    if (isText || line === "" || /^[#@|"]/.test(line)) continue
    if (scenario.test(line) || background.test(line)) {
      now = { parts: [line], line: first + i, isBackground: background.test(line) }
      found.push(now)
    } else if (feature.test(line)) now = undefined
    else if (now) now.parts.push(line)
    else if (step.test(line)) {
      now = { parts: [line], line: first + i, isBackground: false }
      found.push(now)
    }
  }
  return found.map(({ parts, ...rest }) => ({ text: parts.join(" "), ...rest }))
}

/** A heading that names a scenario. */
export function isScenario(line: string): boolean {
  return scenario.test(line)
}

/** A scenario's title alone, as where its steps are a list. */
function isTitled(line: string): boolean {
  return /^(?:Scenario(?: Outline)?|Szenario|Escenario|Scénario|Cenário|Сценарий|シナリオ|场景|시나리오)\s*[:：]\s*\S/u.test(
    line,
  )
}

function toLineStart(names: string): RegExp {
  const all = names.split(",").map((name) => name.trim())
  const longestFirst = [...new Set(all)].toSorted((a, b) => b.length - a.length)
  return new RegExp(`^(?:${longestFirst.join("|")})\\s*[:：]`, "u")
}
