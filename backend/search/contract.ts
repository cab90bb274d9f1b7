import { z } from 'zod'
import { endpoint } from '../core/contract.ts'
import { SearchQuery, SearchResult } from '../places/contract.ts'

export const search = endpoint('GET /api/search', {
  summary: 'Addresses, streets, places, features, protocol numbers and coordinates; Greek, accent-free or greeklish',
  query: SearchQuery,
  response: z.array(SearchResult),
})
