// What is on in the town: days are counted from the day on which the demo city was written, a Sunday.
import type { Item, Properties } from './furniture.ts'
import type { Point } from './geometry.ts'

const WRITTEN = Date.parse('2026-11-15')
const DAY_MS = 86_400_000

interface Happening {
  kind: 'culture' | 'sports' | 'market' | 'children' | 'civic'
  el: string
  en: string
  about_el: string
  about_en: string
  /** Kind of the place where it is, and which of them. */
  where: [string, number]
  /** Days from the day of writing, every `every` days so many times. */
  day: number
  every?: number
  times?: number
  /** Athens, HH:MM; none: all day. */
  from?: string
  to?: string
  /** Last day of what lasts longer, counted as `day`. */
  until?: number
  status?: 'cancelled' | 'postponed'
}

const HAPPENINGS: Happening[] = [
  { kind: 'market', el: 'Λαϊκή αγορά', en: 'Street market', about_el: 'Φρούτα, λαχανικά και ψάρια από παραγωγούς του νησιού.', about_en: 'Fruit, vegetables and fish from the island’s producers.', where: ['parking', 0], day: 5, every: 7, times: 9, from: '07:00', to: '14:00' },
  { kind: 'culture', el: 'Έκθεση φωτογραφίας: το λιμάνι τότε και τώρα', en: 'Photographs: the harbour then and now', about_el: 'Εκατό εικόνες από το αρχείο του δήμου. Είσοδος ελεύθερη.', about_en: 'A hundred pictures from the municipal archive. Admission is free.', where: ['museum', 0], day: 2, until: 44 },
  { kind: 'culture', el: 'Βραδιά με ρεμπέτικα', en: 'An evening of rebetika', about_el: 'Η ορχήστρα του δήμου και προσκεκλημένοι.', about_en: 'The municipal orchestra and guests.', where: ['museum', 1], day: 13, from: '20:30', to: '23:00' },
  { kind: 'children', el: 'Παραμύθια στη βιβλιοθήκη', en: 'Stories at the library', about_el: 'Για παιδιά 4 έως 8 ετών· χωρίς κράτηση θέσης.', about_en: 'For children from 4 to 8; no booking.', where: ['library', 0], day: 6, every: 14, times: 4, from: '11:00', to: '12:30' },
  { kind: 'children', el: 'Στολίζουμε το δέντρο', en: 'We decorate the tree', about_el: 'Φέρτε ένα στολίδι που φτιάξατε μόνοι σας.', about_en: 'Bring an ornament that you made yourselves.', where: ['playground', 0], day: 27, from: '18:00', to: '20:00' },
  { kind: 'civic', el: 'Ανοιχτή συζήτηση: οι δρόμοι του σχολείου', en: 'Open discussion: streets around the school', about_el: 'Η τεχνική υπηρεσία παρουσιάζει τα σχέδια και ακούει.', about_en: 'The technical service shows its plans and listens.', where: ['citizen_centre', 0], day: 17, from: '18:30', to: '20:30' },
  { kind: 'civic', el: 'Εθελοντική αιμοδοσία', en: 'Blood donation', about_el: 'Με ταυτότητα ή διαβατήριο. Χρειάζονται όλες οι ομάδες.', about_en: 'Bring an identity card or passport. All groups are needed.', where: ['clinic', 0], day: 20, from: '09:00', to: '14:00' },
  { kind: 'sports', el: 'Γύρος του νησιού με ποδήλατο', en: 'Round the island by bicycle', about_el: '18 χιλιόμετρα, με συνοδεία. Κράνος υποχρεωτικό.', about_en: '18 kilometres, escorted. Helmets are a must.', where: ['parking', 3], day: 14, from: '09:30', to: '13:00', status: 'postponed' },
  { kind: 'sports', el: 'Χριστουγεννιάτικος αγώνας δρόμου', en: 'Christmas run', about_el: 'Διαδρομές 2 και 8 χιλιομέτρων.', about_en: 'Courses of 2 and 8 kilometres.', where: ['playground', 3], day: 35, from: '10:00', to: '12:30' },
  { kind: 'culture', el: 'Κινηματογραφική λέσχη', en: 'Film club', about_el: 'Ταινία και συζήτηση. Ο τίτλος ανακοινώνεται την προηγούμενη Δευτέρα.', about_en: 'A film and a talk. The title is announced the Monday before.', where: ['museum', 2], day: 11, every: 7, times: 6, from: '21:00', to: '23:15' },
  { kind: 'culture', el: 'Συναυλία χορωδίας', en: 'Choir concert', about_el: 'Κάλαντα από όλο το Αιγαίο.', about_en: 'Carols from all over the Aegean.', where: ['church', 0], day: 34, from: '19:30', to: '21:00' },
  { kind: 'civic', el: 'Ημέρα καθαρισμού της ακτής', en: 'Clean-up of the beach', about_el: 'Γάντια και σακούλες δίνει ο δήμος.', about_en: 'The municipality brings gloves and bags.', where: ['toilets', 0], day: 21, from: '10:00', to: '13:00', status: 'cancelled' },
] // prettier-ignore

/** Standing places of the town, one item a date. All of November to January: Athens is two hours ahead of UTC. */
export function announce(places: readonly Item<Point>[]): Item<Point>[] {
  return HAPPENINGS.flatMap((one) => dates(one).map((shift) => ({ one, shift }))).map(({ one, shift }, n) => {
    const place = places.filter(({ properties }) => properties['kind'] === one.where[0])[one.where[1]]!
    return { at: place.at, properties: { code: `E-${String(n + 1).padStart(3, '0')}`, ...told(one, shift, place) } }
  })
}

const dates = ({ every = 0, times = 1 }: Happening) => Array.from({ length: times }, (_, n) => n * every)

const dayOf = (days: number) => new Date(WRITTEN + days * DAY_MS).toISOString().slice(0, 10)
const moment = (days: number, time: string) => `${dayOf(days)}T${time}:00+02:00`

function told(one: Happening, shift: number, place: Item<Point>): Properties {
  const { kind, el, en, about_el, about_en, day, until = day, from = '00:00', to, status = 'scheduled' } = one
  return {
    kind,
    name_el: el,
    name_en: en,
    description_el: about_el,
    description_en: about_en,
    starts_at: moment(day + shift, from),
    // What lasts all day ends at the midnight that ends its last day.
    ends_at: to ? moment(until + shift, to) : moment(until + shift + 1, '00:00'),
    status,
    place_el: place.properties['name_el']!,
    place_en: place.properties['name_en']!,
    phone: '2999 020020',
  }
}
