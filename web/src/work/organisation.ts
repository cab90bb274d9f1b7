// Departments and crews, asked once; and which crews are the reader's to plan for.
import { computed, shallowRef } from 'vue'
import type { z } from 'zod'
import { listDepartments } from '../../../backend/people/staff/contract.ts'
import { call } from '../core/api.ts'
import { language } from '../core/i18n/index.ts'
import { account } from '../core/session.ts'

const organisation = shallowRef<z.output<typeof listDepartments.response>>()

export async function loadOrganisation(): Promise<void> {
  organisation.value ??= await call(listDepartments)
}

/** Crews of the departments that the reader works in; of all, where no department limits what they do. */
export const ownCrews = computed(() => {
  const grants = account.value?.grants ?? []
  return (organisation.value?.crews ?? []).filter(({ slug, department }) =>
    grants.some((grant) =>
      grant.crew
        ? grant.crew.slug === slug
        : grant.department
          ? grant.department.slug === department
          : grant.role === 'administrator',
    ),
  )
})

export const departments = computed(() => organisation.value?.departments ?? [])

/** Address of the tour of a crew on paper; day: YYYY-MM-DD. */
export const sheetOf = (crew: string, day: string): string =>
  `/api/staff/tour.pdf?${new URLSearchParams({ crew, day, language: language.value })}`

/** The day so many days after another, YYYY-MM-DD. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
