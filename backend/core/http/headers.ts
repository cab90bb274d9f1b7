/** Content-Security-Policy of an answer that is data and no page, also where somebody opens it as one. */
export const NO_PAGE =
  "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
