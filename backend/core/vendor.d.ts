// Types of libraries that bring none.
declare module 'geojson-validation' {
  const gjv: {
    isFeature: (feature: unknown, trace: true) => string[]
    isGeometryObject: (geometry: unknown) => boolean
  }
  export default gjv
}
declare module 'vt-pbf' {
  const vtpbf: {
    fromGeojsonVt: (layers: Record<string, unknown>, options: { version: number; extent: number }) => Uint8Array
  }
  export default vtpbf
}
