import { z } from 'zod'
import { Assurance, endpoint, Localised, localisedInput } from '../../core/contract.ts'
import { FormInput, Question, Stop } from '../forms/contract.ts'
import { Geometries } from '../shapes/contract.ts'

/** What reports are; what each may become, kinds.ts says. */
export const reportKinds = ['fault', 'incident', 'pet', 'note'] as const
/** Who may file the reports of a category. */
export const filers = ['everybody', 'staff'] as const
const MayFile = z
  .enum(filers)
  .describe('Who may file its reports: everybody who is known as well as `assurance` asks, or staff only')
/** Who may hear of the new reports of a category. */
export const subscribers = ['everybody', 'staff', 'nobody'] as const
const MaySubscribe = z
  .enum(subscribers)
  .describe('Who may be told of its new public reports: everybody with an account, staff only, or nobody')
const Kind = z.enum(reportKinds).describe('What its reports are; it says which states they know')
const HasWorkflow = z.boolean().describe('False: a mailbox, whose reports are only received, seen and answered')
const RESOLUTION_HOURS =
  'Promise in place of working_days: hours to resolution, without those of days off; null: days count'
const EXPIRES = 'Days after which an open report that nobody works on closes by itself; null: never'

export const petSides = ['lost', 'found'] as const
export const PetSide = z
  .enum(petSides)
  .nullable()
  .describe('Pets only: its animals are looked for, or have been seen; each is matched with the other. null: with none')
export type PetSide = z.infer<typeof PetSide>

export const Category = z
  .object({
    slug: z.string().describe('Stable name'),
    title: Localised,
    description: Localised,
    parent: z.string().nullable().describe('Slug of the category above; null: a group, not to be chosen itself'),
    icon: z.string().describe('Name of a lucide icon'),
    colour: z.string().describe('CSS colour'),
    keywords: z.array(z.string()).describe('Words people type when they mean it'),
    is_public: z.boolean().describe('False: reports are seen only by staff and the reporter'),
    may_file: MayFile,
    may_subscribe: MaySubscribe,
    assurance: Assurance,
    answer_hours: z.number().int().describe('Promise: hours to the first answer, without those of days off'),
    working_days: z.number().int().describe('Promise: working days to resolution'),
    resolution_hours: z.number().int().nullable().describe(RESOLUTION_HOURS),
    same_place_m: z.number().int().describe('Metres within which two of its reports may mean the same'),
    reopen_days: z.number().int().describe('Days after closing in which who follows one may say it is not fixed'),
    needs_photo: z.boolean().describe('True: no report of it without a photo'),
    geometries: Geometries,
    asset_layer: z
      .string()
      .nullable()
      .describe('Slug of the layer of the things that its reports are about; null: about none'),
    asset_snap_m: z.number().int().describe('Metres within which a pin goes to the nearest of them'),
    kind: Kind,
    has_workflow: HasWorkflow,
    expires_days: z.number().int().nullable().describe(EXPIRES),
    pet_side: PetSide,
    questions: z.array(Question).describe('What it asks beyond the words, in order'),
    stops: z.array(Stop).describe('When to call somebody instead of writing'),
  })
  .meta({ id: 'Category' })
export type Category = z.infer<typeof Category>

export const listCategories = endpoint('GET /api/categories', {
  summary: 'What the caller can report: staff see also what only they file',
  response: z.array(Category),
})

/** A category as those who look after it see it. */
export const StaffCategory = Category.extend({
  department: z.string().nullable().describe('Slug of the department that answers when no rule does; null: that of the group'),
  is_retired: z.boolean().describe('True: it takes no new reports'),
  form_version: z.number().int().describe('Version of questions and stops; 0: it never had any'),
  report_count: z.number().int().describe('Reports it has had'),
  open_count: z.number().int().describe('Reports of it that are open'),
}).meta({ id: 'StaffCategory' }) // prettier-ignore
export type StaffCategory = z.infer<typeof StaffCategory>

const SlugParams = z.object({ slug: z.string().max(80).describe('Slug of the category') })

const fields = {
  title: localisedInput(100),
  description: localisedInput(500),
  parent: z.string().max(80).nullable().describe('Slug of its group; null: a group itself'),
  department: z.string().max(80).nullable().describe('Slug of the department that answers when no rule does'),
  icon: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/).describe('Name of a lucide icon'),
  colour: z.string().regex(/^#[0-9a-f]{6}$/).describe('Colour behind the icon, #rrggbb'),
  keywords: z.array(z.string().trim().min(1).max(60)).max(60).describe('Words people type when they mean it'),
  is_public: z.boolean().describe('False: reports are seen only by staff and the reporter; counts for new ones'),
  may_file: MayFile,
  may_subscribe: MaySubscribe,
  assurance: Assurance,
  answer_hours: z.number().int().min(1).max(2000).describe('Promise: hours to the first answer, without those of days off'),
  working_days: z.number().int().min(1).max(365).describe('Promise: working days to resolution'),
  resolution_hours: z.number().int().min(1).max(2000).nullable().describe(RESOLUTION_HOURS),
  same_place_m: z.number().int().min(1).max(1000).describe('Metres within which two of its reports may mean the same'),
  reopen_days: z.number().int().min(0).max(365).describe('Days after closing in which one may say it is not fixed'),
  needs_photo: z.boolean().describe('True: no report of it without a photo'),
  geometries: Geometries,
  asset_layer: z.string().max(40).nullable().describe('Slug of the public layer of the things that its reports are about; null: about none'),
  asset_snap_m: z.number().int().min(1).max(200).describe('Metres within which a pin goes to the nearest of them'),
  kind: Kind,
  has_workflow: HasWorkflow,
  expires_days: z.number().int().min(1).max(3650).nullable().describe(EXPIRES),
  pet_side: PetSide,
} // prettier-ignore

export const listStaffCategories = endpoint('GET /api/staff/categories', {
  summary: 'All categories, those that take no new reports too, with how many reports they have',
  response: z.array(StaffCategory),
})

export const addCategory = endpoint('POST /api/staff/categories', {
  summary: 'Add a group or a category: from then on it is in the form, on the map, in the open data and in Open311',
  body: z
    .object({
      slug: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,60}$/)
        .describe('Name in addresses; never changes'),
      ...fields,
    })
    .partial({
      department: true,
      keywords: true,
      is_public: true,
      may_file: true,
      may_subscribe: true,
      assurance: true,
      answer_hours: true,
      working_days: true,
      resolution_hours: true,
      same_place_m: true,
      reopen_days: true,
      needs_photo: true,
      geometries: true,
      asset_layer: true,
      asset_snap_m: true,
      kind: true,
      has_workflow: true,
      expires_days: true,
      pet_side: true,
    })
    .meta({ id: 'NewCategory' }),
  response: StaffCategory,
  status: 201,
})

export const changeCategory = endpoint('PATCH /api/staff/categories/{slug}', {
  summary: 'Change a category, retire it, or put it back',
  params: SlugParams,
  body: z
    .object({ ...fields, is_retired: z.boolean().describe('True: it takes no new reports; old ones stay') })
    .partial()
    .meta({ id: 'CategoryChange' }),
  response: StaffCategory,
})

export const orderCategories = endpoint('PUT /api/staff/categories/order', {
  summary: 'Say in which order groups, or the categories of a group, are shown',
  body: z
    .object({ slugs: z.array(z.string().max(80)).min(1).max(200).describe('First to last') })
    .meta({ id: 'CategoryOrder' }),
  response: z.array(StaffCategory),
})

export const publishForm = endpoint('PUT /api/staff/categories/{slug}/form', {
  summary: 'Ask these questions from now on; reports that are there keep those they were asked',
  params: SlugParams,
  body: z
    .intersection(
      z.object({ form_version: z.number().int().min(0).describe('The version that was changed; another is refused') }),
      FormInput,
    )
    .meta({ id: 'FormChange' }),
  response: StaffCategory,
})
