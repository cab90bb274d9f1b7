// A place in the words of schema.org, for search engines.
import type { Language } from '../../core/contract.ts'
import type { OpeningDay, PlaceDetail } from './contract.ts'

/** Kinds that schema.org has a word for; the others are a Place. */
const TYPES: Record<string, string> = {
  bakery: 'Bakery',
  bank: 'BankOrCreditUnion',
  bus_stop: 'BusStop',
  cafe: 'CafeOrCoffeeShop',
  church: 'Church',
  citizen_centre: 'GovernmentOffice',
  clinic: 'MedicalClinic',
  doctor: 'Physician',
  fuel: 'GasStation',
  hotel: 'Hotel',
  kindergarten: 'Preschool',
  library: 'Library',
  museum: 'Museum',
  parking: 'ParkingFacility',
  pharmacy: 'Pharmacy',
  playground: 'Playground',
  police: 'PoliceStation',
  post_office: 'PostOffice',
  restaurant: 'Restaurant',
  shop: 'Store',
  supermarket: 'GroceryStore',
  taxi: 'TaxiStand',
  toilets: 'PublicToilet',
}

/** JSON-LD of the place. address: of its page. */
export function thingOf(place: PlaceDetail, address: string, language: Language): object {
  const { title, kind, description, point, phone, website, wheelchair, week } = place
  const street = place.address?.[language]
  return {
    '@context': 'https://schema.org',
    '@type': TYPES[kind.slug] ?? 'Place',
    '@id': address,
    url: address,
    name: title[language],
    ...(description && { description: description[language] }),
    geo: { '@type': 'GeoCoordinates', longitude: point[0], latitude: point[1] },
    ...(street && { address: { '@type': 'PostalAddress', streetAddress: street, addressCountry: 'GR' } }),
    ...(phone && { telephone: phone }),
    ...(website && { sameAs: website }),
    ...(wheelchair === 'yes' && {
      amenityFeature: { '@type': 'LocationFeatureSpecification', name: 'wheelchair accessible', value: true },
    }),
    ...(week.length > 0 && { openingHoursSpecification: week.flatMap(specificationOf) }),
    image: `${address}/preview.png?lang=${language}`,
  }
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Day by day with their dates: the coming week has the holidays that a rule for all weeks would not have. */
const specificationOf = ({ on, spans }: OpeningDay): object[] => {
  const day = { '@type': 'OpeningHoursSpecification', dayOfWeek: `https://schema.org/${WEEKDAYS[new Date(`${on}T00:00:00Z`).getUTCDay()]}`, validFrom: on, validThrough: on } // prettier-ignore
  // Closed all day is written as a span without length.
  const told = spans.length > 0 ? spans : [{ from: '00:00', to: '00:00' }]
  return told.map(({ from, to }) => ({ ...day, opens: from, closes: to === '24:00' ? '23:59' : to }))
}
