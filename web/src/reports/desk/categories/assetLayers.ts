import { computed } from 'vue'
import { layers } from '../../../map/catalogue.ts'

/** Only drawn, or asked for as areas. */
const NOT_THINGS = ['boundary', 'municipal_unit', 'district', 'crew_area', 'basemap']

/** Layers that reports and answers may be about; the server says so too. */
export const assetLayers = computed(() =>
  layers.value.filter(
    ({ key_field, visibility, role }) => key_field && visibility === 'public' && !NOT_THINGS.includes(role),
  ),
)
