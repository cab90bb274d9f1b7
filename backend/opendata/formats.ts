// The forms that a whole dataset is downloaded in.

export interface Format {
  /** End of the address: /opendata/{dataset}.{extension} */
  extension: string
  /** As people call it; the same in every language. */
  name: string
  media_type: string
  /** IANA knows the media type. */
  isRegistered: boolean
  /** Code in the European list of file types; null: it has none. */
  file_type: string | null
}

const format = (extension: string, name: string, media_type: string, file_type: string | null): Format => ({
  extension,
  name,
  media_type,
  isRegistered: true,
  file_type,
})

export const formats: readonly Format[] = [format('geojson', 'GeoJSON', 'application/geo+json', 'GEOJSON')]
