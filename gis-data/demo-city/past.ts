// Three years of reports as a town has them: seasons, hot spots, and answers that sometimes come late.
import { at, type Point } from './geometry.ts'
import type { House } from './houses.ts'
import type { Item } from './furniture.ts'
import type { Random } from './random.ts'

interface Kind {
  category: string
  share: number
  /** Months in which it happens most. */
  season: number[]
  /** Median days to resolution. */
  days: number
  texts: string[]
}

const SUMMER = [6, 7, 8, 9]
const WINTER = [11, 12, 1, 2, 3]
const ALWAYS: number[] = []

const KINDS: Kind[] = [
  { category: 'pothole', share: 15, season: WINTER, days: 9, texts: ['Μεγάλη λακκούβα στην {s}, επικίνδυνη για μηχανάκια.', 'Έχει ανοίξει ο δρόμος στην {s} μετά τη βροχή.', 'Λακκούβα μπροστά στο {n} της {s}, χτυπάνε τα αυτοκίνητα.', 'Η άσφαλτος στην {s} έχει φαγωθεί, θέλει μπάλωμα.'] },
  { category: 'broken-pavement', share: 7, season: ALWAYS, days: 21, texts: ['Σπασμένες πλάκες στο πεζοδρόμιο της {s}.', 'Δεν περνάει καρότσι από το πεζοδρόμιο στην {s} {n}.', 'Έχουν σηκωθεί οι πλάκες από τις ρίζες στην {s}.'] },
  { category: 'missing-sign', share: 4, season: ALWAYS, days: 12, texts: ['Λείπει η πινακίδα STOP στη γωνία με {s}.', 'Η πινακίδα στην {s} έχει γυρίσει ανάποδα.'] },
  { category: 'street-light-out', share: 14, season: WINTER, days: 6, texts: ['Δεν ανάβει η λάμπα στην {s} {n} εδώ και μέρες.', 'Σκοτάδι σε όλη την {s}, καμένα φώτα.', 'Η κολόνα μπροστά στο {n} της {s} αναβοσβήνει.'] },
  { category: 'overflowing-bin', share: 14, season: SUMMER, days: 2, texts: ['Ξεχειλισμένος κάδος στην {s}, μυρίζει όλη η γειτονιά.', 'Δεν έχουν μαζευτεί τα σκουπίδια στην {s} από το Σάββατο.', 'Ο κάδος ανακύκλωσης στην {s} είναι γεμάτος.'] },
  { category: 'bulky-waste', share: 8, season: [4, 5, 6, 9], days: 4, texts: ['Έχουν αφήσει στρώματα και έπιπλα στην {s} {n}.', 'Παλιό ψυγείο στο πεζοδρόμιο της {s}.'] },
  { category: 'abandoned-vehicle', share: 4, season: ALWAYS, days: 35, texts: ['Εγκαταλελειμμένο αυτοκίνητο χωρίς πινακίδες στην {s}.', 'Παρατημένο μηχανάκι στην {s} {n} εδώ και μήνες.'] },
  { category: 'fallen-tree', share: 5, season: WINTER, days: 2, texts: ['Έπεσε δέντρο στην {s} και κλείνει τον δρόμο.', 'Μεγάλο κλαδί κρέμεται πάνω από την {s}.'] },
  { category: 'park-maintenance', share: 5, season: [4, 5, 6], days: 14, texts: ['Τα χόρτα κοντά στην {s} έχουν ψηλώσει πολύ.', 'Θέλουν κλάδεμα τα δέντρα στην {s}.'] },
  { category: 'playground-damage', share: 3, season: ALWAYS, days: 15, texts: ['Σπασμένη κούνια στην παιδική χαρά κοντά στην {s}.'] },
  { category: 'water-leak', share: 8, season: SUMMER, days: 2, texts: ['Τρέχει νερό στον δρόμο στην {s} {n}.', 'Διαρροή από το φρεάτιο στην {s}, χάνεται πολύ νερό.'] },
  { category: 'flooding', share: 3, season: [10, 11, 12, 1], days: 3, texts: ['Πλημμύρισε η {s} με την πρώτη βροχή, βουλωμένες σχάρες.'] },
  { category: 'sewer-smell', share: 3, season: SUMMER, days: 7, texts: ['Δυσοσμία από το φρεάτιο στην {s}.'] },
  { category: 'stray-animal', share: 4, season: ALWAYS, days: 6, texts: ['Αδέσποτος σκύλος, μάλλον τραυματισμένος, στην {s}.', 'Κουτάβια στην {s} {n}, χρειάζονται φροντίδα.'] },
  { category: 'graffiti', share: 2, season: ALWAYS, days: 25, texts: ['Συνθήματα στον τοίχο στην {s} {n}.'] },
  { category: 'noise', share: 3, season: SUMMER, days: 5, texts: ['Δυνατή μουσική μετά τα μεσάνυχτα στην {s}.'] },
  { category: 'beach-litter', share: 3, season: SUMMER, days: 2, texts: ['Σκουπίδια στην παραλία κοντά στην {s}.'] },
] // prettier-ignore

const END = Date.UTC(2026, 10, 15, 18)
const DAY_MS = 86_400_000

function whenItCame(random: Random, season: readonly number[]): number {
  for (;;) {
    // More people report each year.
    const time =
      END - Math.floor(1095 * (1 - Math.sqrt(random.between(0.08, 1)))) * DAY_MS - random.integer(0, 86_000_000)
    const month = new Date(time).getUTCMonth() + 1
    if (season.length === 0 || season.includes(month) || random.chance(0.3)) return time
  }
}

/** Days until an answer: log-normal, with a long tail as in life. */
const daysTo = (random: Random, median: number): number => median * Math.exp(0.75 * random.normal())

/** Nearer than this people mean the thing they stand at, metres. */
const AT_HAND_M = 25

/** Reports of a category are about the nearest of these things, and at its place. */
export function tie(reports: readonly Item<Point>[], category: string, things: readonly Item<Point>[]): Item<Point>[] {
  return reports.map((report) => {
    if (report.properties['category'] !== category) return report
    const far = ({ at: [x, y] }: Item<Point>) => Math.hypot(x - report.at[0], y - report.at[1])
    const nearest = things.reduce((best, thing) => (far(thing) < far(best) ? thing : best))
    if (far(nearest) > AT_HAND_M) return report
    return { at: nearest.at, properties: { ...report.properties, asset: String(nearest.properties['code']) } }
  })
}

export function recallReports(random: Random, houses: readonly House[], count: number): Item<Point>[] {
  const hotSpots = random.shuffle(houses).slice(0, 28)
  return Array.from({ length: count }, () => {
    const kind = random.weighted(KINDS, ({ share }) => share)
    const near = random.chance(0.35) ? random.pick(hotSpots) : random.pick(houses)
    const spread = 9
    const place: Point = [near.entrance[0] + random.normal() * spread, near.entrance[1] + random.normal() * spread]
    const created = whenItCame(random, kind.season)
    const acknowledged = created + daysTo(random, 0.8) * DAY_MS
    const resolved = created + daysTo(random, kind.days) * DAY_MS
    const isRejected = random.chance(0.05)
    const isLost = random.chance(0.012)
    const closed = resolved < END && !isLost
    const status = closed
      ? isRejected
        ? 'rejected'
        : 'resolved'
      : acknowledged < END
        ? random.chance(0.5)
          ? 'in_progress'
          : 'acknowledged'
        : 'submitted'
    return {
      at: place,
      properties: {
        category: kind.category,
        created_at: new Date(created).toISOString(),
        status,
        ...(acknowledged < END && {
          acknowledged_at: new Date(Math.min(acknowledged, closed ? resolved : acknowledged)).toISOString(),
        }),
        ...(closed && { resolved_at: new Date(resolved).toISOString() }),
        channel: random.weighted(
          ['web', 'phone', 'app', 'desk'],
          (c) => ({ web: 5, phone: 3, app: 2, desk: 1 })[c] ?? 0,
        ),
        description: at(kind.texts, random.integer(0, 9))
          .replaceAll('{s}', near.street.name_el)
          .replaceAll('{n}', near.number),
      },
    }
  }).sort((a, b) => String(a.properties.created_at).localeCompare(String(b.properties.created_at)))
}
