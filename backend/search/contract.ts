import { z } from 'zod'
import { endpoint, OnDay } from '../core/contract.ts'
import { SearchQuery, SearchResult } from '../places/contract.ts'

export const search = endpoint('GET /api/search', {
  summary: 'Addresses, streets, places, features, protocol numbers and coordinates; Greek, accent-free or greeklish',
  query: SearchQuery.extend(OnDay.shape),
  response: z.array(SearchResult),
})
