// XML 1.0, section 2.2: these signs cannot be written at all, not even as entities.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g // eslint-disable-line no-control-regex -- they are what is looked for

/** A text or a document without the signs that XML has no way to write. */
export const writable = (text: string): string => text.replace(UNWRITABLE, '')
