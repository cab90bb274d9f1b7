// Lists that come page by page.
interface Page {
  links: { rel: string; href: string }[]
}

/** The cursor of the page after this one; null: it is the last. */
export function cursorIn({ links }: Page): string | null {
  const next = links.find(({ rel }) => rel === 'next')
  return next ? new URL(next.href, location.href).searchParams.get('cursor') : null
}
