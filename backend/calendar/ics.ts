// Events as iCalendar (RFC 5545). Moments are written in UTC, which every calendar shows in its own zone; days without a time as dates.
import ical, { type ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Language, Localised, Named } from '../core/contract.ts'
import { dayInAthens } from '../core/days.ts'
import { text } from '../core/i18n/text.ts'
import type { Dated } from './service.ts'

interface About {
  /** Its slug never changes: it is part of the names of events. */
  city: Named
  /** Address of the portal. */
  baseUrl: string
  language: Language
}

const STATUS = {
  scheduled: ICalEventStatus.CONFIRMED,
  postponed: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
}
const AGAIN_S = 6 * 60 * 60

/** A calendar of these events in one language. */
export function asCalendar(events: readonly Dated[], about: About): string {
  const { city, language } = about
  const calendar = ical({
    name: `${text(language, 'calendar.title')} · ${city.title[language]}`,
    prodId: { company: 'Asty', product: 'Asty', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    ttl: AGAIN_S,
  })
  for (const event of events) add(calendar, event, about)
  return calendar.toString()
}

function add(calendar: ICalCalendar, event: Dated, { city, baseUrl, language }: About): void {
  const { layer, key, is_all_day, starts_at, ends_at, status, kind, point } = event
  const say = (words: Localised | null) => words?.[language] ?? ''
  const place = say(event.place)
  const off = status === 'scheduled' ? '' : `${text(language, `calendar.${status}`)}: `
  calendar.createEvent({
    id: `${layer.slug}-${encodeURIComponent(key)}@${city.slug}.asty`,
    stamp: event.updated_at,
    lastModified: event.updated_at,
    summary: off + (say(event.title) || say(layer.title)),
    status: STATUS[status],
    ...(is_all_day
      ? { allDay: true, start: midnight(starts_at), end: ends_at && midnight(ends_at) }
      : { start: starts_at, end: ends_at }),
    description: [say(event.description), say(event.organiser), event.phone].filter(Boolean).join('\n') || null,
    location: { title: place || point.toReversed().join(', '), geo: { lat: point[1], lon: point[0] } },
    url: event.url ?? `${baseUrl}/calendar/${layer.slug}/${event.id}`,
    categories: kind ? [{ name: kind.title[language] }] : [],
  })
}

/** The library writes the UTC day of what lasts all day. */
const midnight = (at: string) => `${dayInAthens(new Date(at))}T00:00:00Z`
