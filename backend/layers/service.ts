// The face of the layers to other features.
export { readTile, sendTile } from './answer.ts'
export { getLayer, listLayers } from './catalogue.ts'
export { tableOf } from './ddl.ts'
export { changeFeature, createFeature, deleteFeature } from './edit.ts'
export { openFile } from './imports/read.ts'
export { importLayer } from './load.ts'
export { ImportError } from './refusal.ts'
export { rebuildViews, renewViews } from './views.ts'
