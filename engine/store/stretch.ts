/** Contacts by their numbers: after the one and up to the other. */
export interface Stretch {
  after: number;
  upto: number;
}
