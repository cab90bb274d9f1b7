// Colours of the map on paper: those of the portal's base map, light.
export const PAPER = {
  water: '#d4e6ef',
  building: '#ddd8ce',
  wall: '#b3aa9b',
  street: '#ffffff',
  kerb: '#c3bcae',
  text: '#3b4650',
  halo: '#ffffff',
  frame: '#52616c',
  pin: '#b3005e',
}

/** Fills by layer, and for green by kind. */
export const GROUND: Record<string, string> = {
  land: '#f3f1ec',
  green: '#d5e5cd',
  beach: '#f2e7c9',
  field: '#f3f1ec',
  square: '#ebe8e1',
  block: '#ebe8e1',
  pier: '#e2ded5',
}

export const STREETS: Record<string, string> = { primary: '#fdf3d8', secondary: '#fdf3d8', path: '#c3bcae' }

/** House numbers: points high, at this scale and larger ones. */
export const NUMBER = { size: 4.2, down_to: 2000 }
