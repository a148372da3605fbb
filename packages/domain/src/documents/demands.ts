/** By which words a sentence demands something, in the languages most documents are written in. Linear in its length. */

/** `yes`: a word that demands. `maybe`: one that may demand or only tell. `hint`: one that often goes with a demand. */
export type Demand = "yes" | "maybe" | "hint" | "no"

/** Words and phrases between blanks, a language a line. */
const strong = toPhrases(`
must, shall, should, may not, must not, mustn't, shan't, needs to, need to, has to, have to, is able to, are able to, required, is required to, cannot, can not, ought to, i want, we want, i need
muss, müssen, müsse, soll, sollen, sollte, sollten, darf, dürfen, hat zu, haben zu, ist zu, sind zu, benötigt, erforderlich, möchte, möchten
debe, deben, deberá, deberán, debería, deberían, tiene que, tienen que, ha de, han de, es necesario, se requiere, quiero, obligatorio
doit, doivent, devra, devront, devrait, devraient, il faut, est tenu, sont tenus, nécessite, je veux, obligatoire
deve, devem, deverá, deverão, deveria, deveriam, tem que, têm que, precisa, precisam, é necessário, quero, obrigatório
devono, dovrà, dovranno, dovrebbe, dovrebbero, bisogna, occorre, è necessario, voglio, obbligatorio
moet, moeten, dient, dienen, behoort, mag niet, mogen niet, zou moeten, verplicht
должен, должна, должно, должны, необходимо, обязан, обязана, обязано, обязаны, следует, требуется, нельзя, нужно, надо, обязательно
повинен, повинна, повинно, повинні, мусить, мусять, необхідно, потрібно, слід
musi, muszą, powinien, powinna, powinno, powinny, należy, trzeba, wymagane, ma być
musí, muset, měl by, měla by, mělo by, nesmí, mali by, mal by, nesmie, mora, moraju, trebalo bi
måste, skall, ska, bör, får inte, skal, må, bør, må ikke, skulle
täytyy, pitää, tulee, on oltava, saa, ei saa, peab, tuleb, turi, privalo, jābūt
kell, kötelező, szükséges, köteles, trebuie, ar trebui, este necesar, necesar
трябва, мора, треба, следва, πρέπει, οφείλει, απαιτείται, χρειάζεται, duhet
harus, wajib, mesti, perlu, diharuskan, dilarang, tidak boleh, haruslah, hendaklah, kudu
phải, cần, cần phải, bắt buộc, nên, không được, yêu cầu
lazima, inapaswa, unapaswa, wanapaswa, inahitaji, dapat, kailangan, gbọdọ
يجب, ويجب, ينبغي, وينبغي, يلزم, ويلزم, لابد, يتعين, عليه أن, يتوجب, لا يجوز, مطلوب
چاہیے, چاہئے, لازمی, ضروری, لازم, باید, بایستی, نباید, می‌بایست, ملزم, لازم است
חייב, חייבת, חייבים, צריך, צריכה, צריכים, וחייב, וצריך, אסור, נדרש
चाहिए, अनिवार्य, आवश्यक, ज़रूरी, जरूरी, होगा, पाहिजे, गरजेचे, हवे, हवी, ਚਾਹੀਦਾ, ਚਾਹੀਦੀ, ਜ਼ਰੂਰੀ, જોઈએ, જરૂરી
হবে, উচিত, অবশ্যই, আবশ্যক, প্রয়োজন, বাধ্যতামূলক
வேண்டும், கட்டாயம், கூடாது, అవసరం, ಅಗತ್ಯ, വേണം, വേണം
`)

const weak = toPhrases(`
can, will, may, could, would, is to, are to, get to
kann, können, könnte, will, wollen, wird, werden, nie, niemals, immer, nur, mindestens, höchstens, erlaubt, unterstützt
puede, pueden, podrá, podrán, nunca, siempre, permite, al menos
peut, peuvent, pourra, pourront, jamais, toujours, permet, au moins, en tant que
pode, podem, poderá, poderão, sempre, permite, pelo menos
può, possono, potrà, potranno, mai, sempre, permette, almeno
kan, kunnen, zal, zullen, nooit, altijd, alleen, minstens
может, могут, никогда, всегда, только, позволяет, будет
має, мають, може, можуть, ніколи, завжди, może, mogą, nigdy, zawsze, będzie, může, mohou, nikdy, vždy
kunna, kommer, aldrig, alltid, vil, aldri, alltid, voi, voivat, aina, lehet, mindig, poate, pot
μπορεί, μπορούν, πάντα, ποτέ, может, bisa, boleh, akan, selalu, có thể, sẽ, luôn, anaweza
يمكن, دائما, أبدا, سکتا, سکتی, سکتے, گا, گی, گے, می‌تواند, همیشه, יש, יכול, יכולה, תמיד
सकता, सकते, सकती, শক্তি, পারে, পারবে, সবসময়, முடியும், చేయగలదు, गा
`)

const hints = toPhrases(`
allows, allow, supports, support, provides, provide, ensures, ensure, requires, require, enables, enable, never, always, only, at least, at most, no more than
`)

/** In words that end so (Turkish comes first), or in languages that put no blanks between words. */
const strongParts = [
  /(?:malı|meli|malıdır|melidir|malılar|meliler|gerekir|gereklidir|zorunludur|zorundadır)(?![\p{L}\p{M}])/u,
  /しなければ|なければなりません|なければならない|ねばならない|べき|ものとする|必要|必須|てはならない|てはいけない|すること|ること[。.]?$|したい/u,
  /必须|必須|应当|应该|(?<![响反相对供适呼])应(?![用急对答付])(?=\p{Script=Han})|應當|應該|(?<![響反相對供適呼])應(?![用急對答付])(?=\p{Script=Han})|需要|需(?!求)(?=\p{Script=Han})|不得|不能|不可|不应|务必|要求|(?<![主重摘概纲首必需次])要(?![点素件闻])(?=\p{Script=Han})/u,
  /해야|하여야|되어야|되야|어야|아야|여야|야\s?한다|필요|필수|안\s?된다|않아야/u,
  /ต้อง|ควร|จำเป็น|ห้าม/u,
  /ត្រូវ|ရမည်|ရပါမည်|ຕ້ອງ/u,
  /తప్పనిసరి|వలసి|ాలి(?![\p{L}\p{M}])|ಬೇಕು|വേണം|ണം(?![\p{L}\p{M}])|வேண்டும்/u,
]
const weakParts = [
  /(?:abilir|ebilir|acak|ecek)(?:ler|lar)?(?![\p{L}\p{M}])/u,
  /できる|できます|可能|常に/u,
  /可以|能够|能夠|支持|支援|允许|允許/u,
  /할\s?수|있다|있습니다/u,
  /สามารถ/u,
]

const hasMoreThanAscii = /[^\0-\x7f]/

export function findDemand(text: string): Demand {
  const words =
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{M}\p{N}'\u200c]+/gu) ?? []
  if (hasPhrase(words, strong) || hasPart(text, strongParts)) return "yes"
  if (hasPhrase(words, weak) || hasPart(text, weakParts)) return "maybe"
  return hasPhrase(words, hints) ? "hint" : "no"
}

function hasPart(text: string, [turkish, ...others]: readonly RegExp[]): boolean {
  return turkish?.test(text) || (hasMoreThanAscii.test(text) && others.some((part) => part.test(text)))
}

function hasPhrase(words: readonly string[], phrases: ReadonlySet<string>): boolean {
  return words.some((word, at) => {
    const next = words[at + 1]
    if (phrases.has(word)) return true
    if (next === undefined) return false
    return phrases.has(`${word} ${next}`) || phrases.has(`${word} ${next} ${words[at + 2]}`)
  })
}

function toPhrases(text: string): ReadonlySet<string> {
  return new Set(text.split(/[,\n]/).flatMap((phrase) => phrase.trim() || []))
}
