import { ref } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import HomePanel from './HomePanel.vue'
import LayersPanel from '../layers/LayersPanel.vue'
import PlacePanel from '../here/PlacePanel.vue'
import ReportForm from '../reports/ReportForm.vue'
import ReportList from '../reports/ReportList.vue'
import ReportPage from '../reports/ReportPage.vue'
import SignIn from '../people/SignIn.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomePanel },
    { path: '/layers', name: 'layers', meta: { title: 'layers.title' }, component: LayersPanel },
    { path: '/place/:lonlat', name: 'place', meta: { title: 'place.title' }, component: PlacePanel, props: true },
    {
      path: '/places',
      name: 'places',
      meta: { title: 'places.title' },
      component: () => import('../places/PlacesPage.vue'),
    },
    {
      path: '/places/:layer/:key',
      name: 'place-page',
      meta: { title: 'places.title' },
      component: () => import('../places/PlacePage.vue'),
      props: ({ params }) => ({ layer: params['layer'], placeKey: params['key'] }),
    },
    {
      path: '/duties',
      name: 'duties',
      meta: { title: 'duties.title' },
      component: () => import('../places/desk/DutiesPage.vue'),
    },
    {
      path: '/measure',
      name: 'measure',
      meta: { title: 'measure.title' },
      component: () => import('../places/MeasurePage.vue'),
    },
    {
      path: '/print',
      name: 'print',
      meta: { title: 'print.title' },
      component: () => import('../print/PrintPage.vue'),
    },
    {
      path: '/sketch',
      name: 'sketch',
      meta: { title: 'sketch.title' },
      component: () => import('../layers/sketch/SketchPage.vue'),
    },
    {
      path: '/swipe',
      name: 'swipe',
      meta: { title: 'swipe.title' },
      component: () => import('../layers/swipe/SwipePage.vue'),
    },
    {
      path: '/schools',
      name: 'schools',
      meta: { title: 'schools.title', takesPlace: true },
      component: () => import('../schools/SchoolsPage.vue'),
    },
    {
      path: '/schools/register',
      name: 'school-register',
      meta: { title: 'register_desk.title' },
      component: () => import('../schools/desk/RegisterPage.vue'),
    },
    {
      path: '/calendar',
      name: 'calendar',
      meta: { title: 'calendar.title' },
      component: () => import('../calendar/CalendarPage.vue'),
    },
    {
      path: '/calendar/:layer/:id',
      name: 'happening',
      meta: { title: 'calendar.title' },
      component: () => import('../calendar/HappeningPage.vue'),
      props: true,
    },
    {
      path: '/building',
      name: 'building',
      meta: { title: 'building.title', takesPlace: true },
      component: () => import('../building/BuildingPage.vue'),
    },
    { path: '/report', name: 'report-form', meta: { title: 'form.title', takesPlace: true }, component: ReportForm },
    { path: '/reports', name: 'reports', meta: { title: 'reports.title' }, component: ReportList },
    { path: '/reports/:id', name: 'report', meta: { title: 'reports.title' }, component: ReportPage, props: true },
    {
      path: '/follow',
      name: 'lookup',
      meta: { title: 'lookup.title' },
      component: () => import('../reports/LookupPage.vue'),
    },
    { path: '/follow/:token', name: 'follow', meta: { title: 'reports.title' }, component: ReportPage, props: true },
    { path: '/sign-in', name: 'sign-in', meta: { title: 'session.in' }, component: SignIn },
    {
      path: '/register',
      name: 'register',
      meta: { title: 'register.title' },
      component: () => import('../people/RegisterPage.vue'),
    },
    {
      path: '/prove',
      name: 'prove',
      meta: { title: 'prove.title' },
      component: () => import('../people/ProvePage.vue'),
    },
    {
      path: '/forgot',
      name: 'forgot',
      meta: { title: 'forgot.title' },
      component: () => import('../people/ForgotPage.vue'),
    },
    {
      path: '/my-reports/:token?',
      name: 'my-reports',
      meta: { title: 'mine.title' },
      component: () => import('../reports/MyReports.vue'),
      props: true,
    },
    {
      path: '/subscriptions',
      name: 'subscriptions',
      meta: { title: 'subscriptions.title', takesPlace: true },
      component: () => import('../reports/subscriptions/SubscriptionsPage.vue'),
    },
    {
      path: '/unsubscribe/:token',
      name: 'unsubscribe',
      meta: { title: 'unsubscribe.title' },
      component: () => import('../reports/subscriptions/UnsubscribePage.vue'),
      props: true,
    },
    {
      path: '/stop-letters/:token',
      name: 'stop-letters',
      meta: { title: 'stop_letters.title' },
      component: () => import('../reports/StopLetters.vue'),
      props: true,
    },
    {
      path: '/account',
      name: 'account',
      meta: { title: 'account.title' },
      component: () => import('../people/AccountPage.vue'),
    },
    {
      path: '/invitation/:token',
      name: 'invitation',
      meta: { title: 'invitation.title' },
      component: () => import('../people/InvitationPage.vue'),
      props: true,
    },
    {
      path: '/people',
      name: 'people',
      meta: { title: 'people.title' },
      component: () => import('../people/desk/PeoplePage.vue'),
    },
    {
      path: '/people/:id',
      name: 'person',
      meta: { title: 'people.title' },
      component: () => import('../people/desk/PersonPage.vue'),
      props: true,
    },
    {
      path: '/audit',
      name: 'audit',
      meta: { title: 'audit.title' },
      component: () => import('../people/desk/AuditPage.vue'),
    },
    {
      path: '/privacy',
      name: 'privacy',
      meta: { title: 'privacy.title' },
      component: () => import('../people/desk/PersonalDataPage.vue'),
    },
    {
      path: '/consents',
      name: 'consents',
      meta: { title: 'consents.desk' },
      component: () => import('../people/desk/ConsentsPage.vue'),
    },
    {
      path: '/webhooks',
      name: 'webhooks',
      meta: { title: 'webhooks.title' },
      component: () => import('../opendata/desk/WebhooksPage.vue'),
    },
    {
      path: '/layers/:slug/settings',
      name: 'layer-settings',
      meta: { title: 'layer.title' },
      component: () => import('../layers/desk/LayerPage.vue'),
      props: true,
    },
    {
      path: '/layers/:slug/edit',
      name: 'layer-edit',
      meta: { title: 'edit.title' },
      component: () => import('./EditLayerPage.vue'),
      props: true,
    },
    {
      path: '/layers/:slug/topology',
      name: 'layer-topology',
      meta: { title: 'topology.title' },
      component: () => import('../layers/desk/TopologyPage.vue'),
      props: true,
    },
    {
      path: '/layers/:slug/style',
      name: 'layer-style',
      meta: { title: 'style.title' },
      component: () => import('../layers/desk/StylePage.vue'),
      props: true,
    },
    {
      path: '/layers/:slug/fields',
      name: 'layer-fields',
      meta: { title: 'field.title' },
      component: () => import('../layers/desk/FieldsPage.vue'),
      props: true,
    },
    {
      path: '/layers/:slug/history',
      name: 'layer-history',
      meta: { title: 'history.title' },
      component: () => import('../layers/desk/HistoryPage.vue'),
      props: true,
    },
    {
      path: '/layers/import',
      name: 'layer-import',
      meta: { title: 'import.title' },
      component: () => import('../layers/desk/ImportPage.vue'),
    },
    {
      path: '/categories',
      name: 'categories',
      meta: { title: 'categories.title' },
      component: () => import('../reports/desk/categories/CategoriesPage.vue'),
    },
    {
      path: '/categories/new',
      name: 'category-new',
      meta: { title: 'categories.title' },
      component: () => import('../reports/desk/categories/CategoryPage.vue'),
    },
    {
      path: '/categories/:slug',
      name: 'category',
      meta: { title: 'categories.title' },
      component: () => import('../reports/desk/categories/CategoryPage.vue'),
      props: true,
    },
    {
      path: '/routing',
      name: 'routing',
      meta: { title: 'rules.title' },
      component: () => import('../reports/desk/rules/RulesPage.vue'),
    },
    {
      path: '/days',
      name: 'days',
      meta: { title: 'days.title' },
      component: () => import('../cases/desk/DaysPage.vue'),
    },
    {
      path: '/standard-answers',
      name: 'standard-answers',
      meta: { title: 'standard.title' },
      component: () => import('../reports/desk/StandardPage.vue'),
    },
    {
      path: '/forwarding',
      name: 'forwarding',
      meta: { title: 'forwarding.title' },
      component: () => import('../reports/desk/ForwardingPage.vue'),
    },
    {
      path: '/statistics',
      name: 'statistics',
      meta: { title: 'statistics.title' },
      component: () => import('../insights/StatisticsPage.vue'),
    },
    {
      path: '/analytics',
      name: 'analytics',
      meta: { title: 'analytics.title' },
      component: () => import('../insights/analytics/AnalyticsPage.vue'),
    },
    {
      path: '/usage',
      name: 'usage',
      meta: { title: 'usage.title' },
      component: () => import('../opendata/desk/UsagePage.vue'),
    },
    {
      path: '/desk',
      component: () => import('./DeskPage.vue'),
      children: [
        { path: '', name: 'desk', meta: { title: 'desk.title' }, component: { render: () => null } },
        {
          path: ':id',
          name: 'desk-report',
          meta: { title: 'desk.title' },
          component: () => import('./DeskReportPage.vue'),
          props: true,
        },
      ],
    },
    {
      path: '/crew',
      name: 'crew',
      meta: { title: 'crew.title' },
      component: () => import('../work/crew/CrewPage.vue'),
    },
    {
      path: '/crews',
      name: 'crews',
      meta: { title: 'crews.title' },
      component: () => import('../work/crews/CrewsPage.vue'),
    },
    {
      path: '/desk/phone',
      name: 'phone',
      meta: { title: 'phone_desk.title' },
      component: () => import('../reports/phone/PhonePage.vue'),
    },
    {
      path: '/desk/same',
      name: 'same',
      meta: { title: 'same.title' },
      component: () => import('../reports/desk/SamePage.vue'),
    },
    {
      path: '/desk/work',
      name: 'day-board',
      meta: { title: 'work.title' },
      component: () => import('../work/desk/DayBoard.vue'),
    },
    {
      path: '/desk/work/:id',
      name: 'work-order',
      meta: { title: 'work.title' },
      component: () => import('../work/desk/WorkPage.vue'),
      props: true,
    },
    // Only the map: App shows neither bar nor panel.
    { path: '/embed', name: 'embed', component: { render: () => null } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

/** The portal stands in a frame of somebody else's page: it shows the map and nothing that could be clicked by deceit. */
export const isEmbedded = location.pathname === '/embed'
router.beforeEach((to) => !isEmbedded || to.name === 'embed')

/** True from a click to its panel: whoever writes the address meanwhile would end the way there. */
export const isUnderWay = ref(false)
router.afterEach(() => (isUnderWay.value = false))
router.onError(() => (isUnderWay.value = false))

// View and layers stay in the address from panel to panel.
router.beforeEach((to, from) => {
  if (to.path !== from.path) isUnderWay.value = true
  const kept = Object.fromEntries(
    ['at', 'layers'].flatMap((key) => (from.query[key] && !(key in to.query) ? [[key, from.query[key]]] : [])),
  )
  return Object.keys(kept).length > 0 ? { ...to, query: { ...kept, ...to.query } } : true
})
