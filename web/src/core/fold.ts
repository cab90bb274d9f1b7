const PAIRS: [RegExp, string][] = [
  [/θ|th/g, 'q'],
  [/ου|ou/g, '\u00df'],
  [/αυ|au/g, 'av'],
  [/ευ|eu/g, 'ev'],
  [/ει|οι|υι|ei|oi/g, 'i'],
  [/αι|ai/g, 'e'],
  [/μπ|mp/g, 'v'],
  [/ντ|nt/g, 'd'],
  [/γκ|γγ|gk|gg/g, 'g'],
  [/ch|kh/g, 'x'],
  [/ψ/g, 'ps'],
  [/ξ/g, 'ks'],
]
const FROM = 'αβγδεζηικλμνοπρσςτυφχωbywhjc\u00df'
const TO = 'avgdeziiklmnoprsstifxovioxiku'

/** One key for Greek and greeklish, as latin_key() of the database: accents, case and spelling of sounds fall together. */
export function latinKey(value: string): string {
  const plain = value.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
  const sounds = PAIRS.reduce((text, [from, to]) => text.replace(from, to), plain)
  return [...sounds]
    .map((c) => (FROM.includes(c) ? (TO[FROM.indexOf(c)] ?? c) : c))
    .join('')
    .replace(/([a-z])\1+/g, '$1')
}
