// What a document is, told by its content: its name says what it likes.
import sharp from 'sharp'
import { fromBufferPromise } from 'yauzl'

export interface DocumentType {
  media_type: string
  extension: string
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const ODF = 'application/vnd.oasis.opendocument'
const type = (extension: string, media_type: string): DocumentType => ({ extension, media_type })

/** Pictures that sharp can read. A drawing (SVG) is a program and none of these. */
const PICTURES: Record<string, DocumentType> = {
  jpeg: type('jpg', 'image/jpeg'),
  png: type('png', 'image/png'),
  webp: type('webp', 'image/webp'),
  tiff: type('tiff', 'image/tiff'),
}
/** The part without which a package is none of its kind (ECMA-376). */
const PACKAGES: [part: string, DocumentType][] = [
  ['word/document.xml', type('docx', `${OFFICE}.wordprocessingml.document`)],
  ['xl/workbook.xml', type('xlsx', `${OFFICE}.spreadsheetml.sheet`)],
  ['ppt/presentation.xml', type('pptx', `${OFFICE}.presentationml.presentation`)],
]
/** What an OpenDocument says of itself (ODF 1.3, part 2, 3.3). */
const OPEN: DocumentType[] = [
  type('odt', `${ODF}.text`),
  type('ods', `${ODF}.spreadsheet`),
  type('odp', `${ODF}.presentation`),
]
/** Names of the streams that the old formats of Office keep their content in, as their directory writes them ([MS-CFB]). */
const COMPOUND: [stream: Buffer, DocumentType][] = [
  [Buffer.from('WordDocument', 'utf16le'), type('doc', 'application/msword')],
  [Buffer.from('Workbook', 'utf16le'), type('xls', 'application/vnd.ms-excel')],
  [Buffer.from('PowerPoint Document', 'utf16le'), type('ppt', 'application/vnd.ms-powerpoint')],
]
/** Programs inside a document: no part of a file for colleagues. */
const MACROS = /vbaProject\.bin$|^Basic\/|^Scripts\//
const COMPOUND_MACROS = Buffer.from('_VBA_PROJECT', 'utf16le')

const PDF = Buffer.from('%PDF-')
const ZIP = Buffer.from('PK\x03\x04', 'latin1')
const CFB = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** More parts than any letter has. */
const MOST_PARTS = 5000

const begins = (bytes: Buffer, start: Buffer) => bytes.subarray(0, start.length).equals(start)

/** A PDF, a picture, or a document of Office or OpenDocument without programs in it; undefined: anything else. */
export async function documentType(bytes: Buffer): Promise<DocumentType | undefined> {
  if (begins(bytes, PDF)) return type('pdf', 'application/pdf')
  if (begins(bytes, ZIP)) return packageType(bytes).catch(() => undefined)
  if (begins(bytes, CFB))
    return bytes.includes(COMPOUND_MACROS) ? undefined : COMPOUND.find(([stream]) => bytes.includes(stream))?.[1]
  const picture = await sharp(bytes)
    .metadata()
    .catch(() => undefined)
  return PICTURES[picture?.format ?? '']
}

async function packageType(bytes: Buffer): Promise<DocumentType | undefined> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true })
  const parts = new Set<string>()
  for await (const { fileName } of archive.eachEntry()) {
    if (parts.size >= MOST_PARTS || MACROS.test(fileName)) return undefined
    parts.add(fileName)
  }
  if (parts.has('[Content_Types].xml')) return PACKAGES.find(([part]) => parts.has(part))?.[1]
  return OPEN.find(({ media_type }) => saysItIs(bytes, media_type))
}

/** The first part of an OpenDocument is named mimetype and not packed, so that its content can be read at a fixed place. */
const saysItIs = (bytes: Buffer, media_type: string) =>
  bytes.subarray(30, 38).toString('latin1') === 'mimetype' &&
  bytes.subarray(38, 38 + media_type.length + 2).toString('latin1') === `${media_type}PK`
