import type { Readable } from 'node:stream'
import parserStream from 'stream-json'
import pick from 'stream-json/filters/pick.js'
import streamArray from 'stream-json/streamers/stream-array.js'

/** The features of a GeoJSON FeatureCollection, one by one, however large the file. Throws on what is not JSON. */
export async function* readFeatures(stream: Readable): AsyncGenerator<unknown> {
  const parser = parserStream({ streamValues: false })
  const features = stream
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
    .on('error', (error: Error) => features.destroy(error))
    .pipe(pick.asStream({ filter: /^features$/ }))
    .pipe(streamArray.asStream())
  for await (const { value } of features as AsyncIterable<{ value: unknown }>) yield value
}
