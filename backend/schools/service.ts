// The face of the schools to other features.
export { HOUSE_M } from './find.ts'
export { replaceRegister } from './register.ts'
export { schoolYear } from './year.ts'
