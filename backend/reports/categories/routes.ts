import type { Router } from 'express'
import { serve } from '../../core/http/serve.ts'
import * as api from './contract.ts'
import { addCategory, changeCategory, orderCategories, publishForm } from './edit.ts'
import { listCategories, listStaffCategories } from './read.ts'

export function categoryRoutes(router: Router): void {
  serve(router, api.listCategories, { may: 'anyone' }, (ctx) => listCategories(ctx))
  const manage = { may: 'category.manage' } as const
  serve(router, api.listStaffCategories, manage, (ctx) => listStaffCategories(ctx.db))
  serve(router, api.addCategory, manage, (ctx, { body }) => addCategory(ctx, body))
  serve(router, api.orderCategories, manage, (ctx, { body }) => orderCategories(ctx, body.slugs))
  serve(router, api.changeCategory, manage, (ctx, { params, body }) => changeCategory(ctx, params.slug, body))
  serve(router, api.publishForm, manage, (ctx, { params, body: { form_version, ...form } }) =>
    publishForm(ctx, params.slug, form_version, form),
  )
}
