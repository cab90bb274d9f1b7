import { csrfOf } from '../../backend/people/service.ts'
import { world } from './world.ts'

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

type Json = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

interface Options {
  body?: unknown
  cookie?: string
  headers?: Record<string, string>
}

/** One request to the running server. */
export async function request<T = Json>(
  method: string,
  path: string,
  { body, cookie, headers }: Options = {},
): Promise<Answer<T>> {
  const response = await fetch(world.url + path, {
    method,
    headers: {
      'Accept-Language': 'en',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  // geo+json-seq is lines of JSON, not JSON.
  const isJson = /json(;|$)/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

export const get = <T = Json>(path: string, options?: Options) => request<T>('GET', path, options)
export const post = <T = Json>(path: string, body: unknown, options?: Options) =>
  request<T>('POST', path, { ...options, body })

/** Signs in an account made by make.account and returns its cookie. */
export async function signIn(email: string): Promise<string> {
  const { headers, status } = await post('/api/session', { email, password: 'correct horse' })
  if (status !== 200) throw new Error(`sign-in of ${email}: ${status}`)
  return sessionIn(headers)
}

/** The session cookie that an answer sets, as a request sends it. */
export const sessionIn = (headers: Headers): string =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('asty_session='))
    ?.split(';')[0] ?? ''

export const point = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] })

export const pothole = (lon: number, lat: number, more: Record<string, unknown> = {}) => ({
  category: 'pothole',
  location: point(lon, lat),
  description: 'A deep hole in the road',
  ...more,
})
