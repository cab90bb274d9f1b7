// People in the portal: a citizen comes with an identity provider, an administrator invites a crew leader.
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import {
  by,
  DESKTOP,
  expectAccessible,
  LOCALHOST,
  newestMessage,
  open,
  PHONE,
  picture,
  PORTAL,
  signInAt,
} from '../support/browser.ts'

const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate()

describe('people', () => {
  it('a citizen signs in with an identity provider and joins the reports of the phone', async () => {
    const page = await open('/report?at=23.757,36.3352,17', PHONE)
    await by(page, 'place-centre').click()
    await by(page, 'step-place-confirm').click()
    await by(page, 'category-search').fill('lakkouva')
    await by(page, 'category-option').first().click()
    await by(page, 'description').fill('Σπασμένο πεζοδρόμιο')
    await by(page, 'send-report').click()
    const protocol = (await by(page, 'receipt-protocol').textContent()) ?? ''

    await page.goto(`${PORTAL}/sign-in`)
    await picture(page, 'phone-sign-in-el')
    await expectAccessible(page, 'sign-in')
    await by(page, 'sign-in-provider').click()
    await page.locator('input[name="login"]').fill('anna')
    await page.locator('input[name="password"]').fill('any')
    await page.locator('button[type="submit"]').click()
    await page.locator('button[type="submit"]').click()
    await page.waitForURL(`${PORTAL}/**`)

    await page.goto(PORTAL)
    await page.locator('a[href="/my-reports"]').click()
    await by(page, 'join-device').click()
    await by(page, 'my-reports').getByText(protocol).waitFor()
    await expectAccessible(page, 'my reports')
    await page.goto(`${PORTAL}/account`)
    await page.getByText('anna@mail.example').waitFor()
    await picture(page, 'phone-account-el')
    await expectAccessible(page, 'account')
  })

  it('a service asks who it is from, and nothing of the form is lost on the way', async () => {
    const page = await open('/report?at=23.757,36.3352,17', PHONE)
    await by(page, 'place-centre').click()
    await by(page, 'step-place-confirm').click()
    await by(page, 'category-search').fill('thoryvos')
    await by(page, 'category-option').first().click()
    await by(page, 'description').fill('Δυνατή μουσική κάθε βράδυ')
    expect(await by(page, 'send-report').count(), 'nothing to send with yet').to.equal(0)
    await by(page, 'prove').click()
    await by(page, 'prove-register').waitFor()
    await picture(page, 'phone-prove-el')
    await expectAccessible(page, 'prove')
    await by(page, 'prove-register').click()
    await by(page, 'register-name').fill('Νίκος')
    await by(page, 'register-email').fill('nikos@mail.example')
    await by(page, 'register-password').fill('orange ladder quiet river')
    await by(page, 'register-send').click()
    const letter = await newestMessage('nikos@mail.example')
    const body = Buffer.from(letter.split(/\r?\n\r?\n/)[1] ?? '', 'base64').toString()
    await by(page, 'register-code').fill(/\d{6}/.exec(body)?.[0] ?? '')
    await by(page, 'register-verify').click()
    expect(await by(page, 'description').inputValue()).to.equal('Δυνατή μουσική κάθε βράδυ')
    await by(page, 'send-report').click()
    await by(page, 'receipt-protocol').waitFor()

    await page.goto(`${PORTAL}/account`)
    await by(page, 'phone-number').fill('691 234 5678')
    await by(page, 'phone-send').click()
    const sms = (await newestMessage('+306912345678')).split('\n\n')[1] ?? ''
    await by(page, 'phone-code').fill(/\d{6}/.exec(sms)?.[0] ?? '')
    await expectAccessible(page, 'telephone')
    await by(page, 'phone-verify').click()
    await page.getByText('+306912345678').waitFor()
  })

  it('a passkey opens an account without a password, and not a second time with the same answer', async () => {
    const page = await open('/', DESKTOP)
    await page.goto(`${LOCALHOST}/sign-in`)
    const device = await page.context().newCDPSession(page)
    await device.send('WebAuthn.enable')
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await signInAt(page, 'head@demo.example')
    await by(page, 'desk-item').first().waitFor()
    await page.goto(`${LOCALHOST}/account`)
    await by(page, 'passkey-add').click()
    await by(page, 'passkey').waitFor()
    // Somebody began to write, then leaves the browser to others.
    await page.goto(`${LOCALHOST}/report?at=23.757,36.3352,17`)
    await by(page, 'place-centre').click()
    const isKept = `localStorage.getItem('asty.draft')?.includes('"at":[23.757')`
    await page.waitForFunction(isKept)
    await by(page, 'sign-out').click()
    await page.waitForURL(`${LOCALHOST}/?*`)
    expect(await page.evaluate(isKept)).to.equal(false)
    await page.goto(`${LOCALHOST}/sign-in`)
    const sent = page.waitForRequest((request) => /session\/passkey$/.test(request.url()))
    await by(page, 'sign-in-passkey').click()
    await by(page, 'desk-item').first().waitFor()
    const replay = await fetch(`${LOCALHOST}/api/session/passkey`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: (await sent).postData(),
    })
    expect(replay.status).to.equal(401)
    // The account asks for its passkey from now on; it goes, and the password is enough again.
    await page.goto(`${LOCALHOST}/account`)
    await by(page, 'passkey').getByRole('button').click()
    await by(page, 'passkey').waitFor({ state: 'detached' })
  })

  it('a key for a program is made, seen once, used and taken back', async () => {
    const page = await open('/sign-in', PHONE)
    await signInAt(page, 'citizen@demo.example')
    await page.locator('[data-test="my-account"]').waitFor()
    await page.goto(`${PORTAL}/account`)
    await by(page, 'key-open').click()
    await by(page, 'key-title').fill('Εφαρμογή λεωφορείων')
    await by(page, 'key-until').fill('2099-12-31')
    await by(page, 'key-make').scrollIntoViewIfNeeded()
    await expectAccessible(page, 'keys')
    await picture(page, 'phone-keys-form-el')
    await by(page, 'key-make').click()
    const key = (await by(page, 'key-fresh').textContent()) ?? ''
    await by(page, 'key').scrollIntoViewIfNeeded()
    await picture(page, 'phone-keys-el')
    const ask = () => fetch(`${PORTAL}/api/city`, { headers: { 'X-API-Key': key } })
    expect((await ask()).status).to.equal(200)
    await page.emulateMedia({ colorScheme: 'dark' })
    await by(page, 'language-switch').click()
    await by(page, 'key').scrollIntoViewIfNeeded()
    await expectAccessible(page, 'keys in the dark')
    await picture(page, 'phone-keys-dark-en')
    await by(page, 'key-revoke').click()
    await by(page, 'key').waitFor({ state: 'detached' })
    expect((await ask()).status).to.equal(401)
  })

  it('an administrator tells another system, tries it, and sees why nothing arrives', async () => {
    const admin = await open('/sign-in', DESKTOP)
    await signInAt(admin, 'admin@demo.example')
    await by(admin, 'desk-item').first().waitFor()
    await admin.goto(`${PORTAL}/webhooks`)
    await by(admin, 'webhook-open').click()
    await by(admin, 'webhook-title').fill('Call centre')
    await by(admin, 'webhook-url').fill('https://169.254.169.254/hook')
    await expectAccessible(admin, 'new webhook')
    await picture(admin, 'desktop-webhook-form-en')
    await by(admin, 'webhook-add').click()
    expect(await by(admin, 'webhook-secret').textContent()).to.match(/^whsec_/)
    await by(admin, 'webhook-open').click()
    await by(admin, 'webhook-deliveries').click()
    await by(admin, 'webhook-try').click()
    await by(admin, 'webhook-delivery').waitFor()
    for (let tries = 0; tries < 20 && !(await admin.getByText('inside one').count()); tries++) {
      await admin.waitForTimeout(500)
      await by(admin, 'webhook-reload').click()
    }
    await admin.getByText('inside one').waitFor()
    await expectAccessible(admin, 'webhooks')
    await picture(admin, 'desktop-webhooks-en')
    await admin.setViewportSize(PHONE.viewport)
    await admin.emulateMedia({ colorScheme: 'dark' })
    await by(admin, 'language-switch').click()
    await by(admin, 'webhook').scrollIntoViewIfNeeded()
    await picture(admin, 'phone-webhooks-el-dark')
    await by(admin, 'webhook-remove').click()
    await by(admin, 'webhook-remove-go').click()
    await by(admin, 'webhook').waitFor({ state: 'detached' })
  })

  it('an administrator invites a crew leader, who sets up a second step and sees only her area', async () => {
    const admin = await open('/sign-in', DESKTOP)
    await signInAt(admin, 'admin@demo.example')
    await by(admin, 'desk-item').first().waitFor()
    await admin.goto(`${PORTAL}/people`)
    await by(admin, 'invite-open').click()
    await by(admin, 'invite-name').fill('Katerina Leader')
    await by(admin, 'invite-email').fill('leader@town.example')
    await by(admin, 'grant-role').selectOption('crew_leader')
    await by(admin, 'grant-department').selectOption('technical-service')
    const area = await by(admin, 'grant-area').locator('option').nth(1).getAttribute('value')
    await by(admin, 'grant-area').selectOption(area)
    await expectAccessible(admin, 'people')
    await by(admin, 'invite-send').click()
    const link = (await by(admin, 'invite-link').textContent()) ?? ''
    await picture(admin, 'desktop-people-en')

    const leader = await open(new URL(link).pathname, DESKTOP)
    await by(leader, 'invitation-password').fill('password12')
    await by(leader, 'invitation-accept').click()
    await leader.getByText('easy to guess').waitFor()
    await by(leader, 'invitation-password').fill('orange ladder quiet river')
    await by(leader, 'invitation-accept').click()
    await leader.waitForURL(/\/(account|desk)/)
    await leader.goto(`${PORTAL}/account`)
    await by(leader, 'factor-begin').click()
    const secret = (await by(leader, 'factor-secret').textContent()) ?? ''
    await expectAccessible(leader, 'second step')
    await picture(leader, 'desktop-second-step-en')
    await by(leader, 'factor-code').fill(codeOf(secret))
    await by(leader, 'factor-finish').click()
    await by(leader, 'recovery-codes').waitFor()
    expect(await by(leader, 'recovery-codes').locator('li').count()).to.equal(10)
    await by(leader, 'recovery-kept').click()
    await by(leader, 'desk-item').first().waitFor()

    const own = (await leader.evaluate(async () => (await fetch('/api/staff/reports?limit=200')).json())) as {
      features: { properties: { district: { slug: string }; department: { slug: string } } }[]
    }
    expect(new Set(own.features.map(({ properties }) => properties.district.slug))).to.deep.equal(new Set([area]))
    expect(new Set(own.features.map(({ properties }) => properties.department.slug))).to.deep.equal(
      new Set(['technical-service']),
    )

    await admin.goto(`${PORTAL}/audit`)
    await admin.getByText('people.invite').first().waitFor()
    await expectAccessible(admin, 'audit trail')
  })
})
