/** What photos need and cannot have at the moment. The message is for the operator; callers get the problem of this kind. */
export class AwayError extends Error {
  readonly kind: 'storage-away' | 'scanner-away'
  constructor(kind: AwayError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
