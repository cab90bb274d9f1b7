// The face of the layers to other features.
export { readTile, sendTile } from './answer.ts'
export { getLayer, listLayers } from './catalogue.ts'
export { tableOf } from './ddl.ts'
export { changeFeature, createFeature, deleteFeature } from './edit.ts'
export { importLayer, ImportError } from './load.ts'
export { tileJson } from './tilejson.ts'
export { encodeTile, type TileAddress, touchesTile } from './tiles.ts'
export { rebuildViews, renewViews } from './views.ts'
