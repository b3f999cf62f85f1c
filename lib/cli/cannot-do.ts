/** Something that whoever typed the command can mend; the message says what, in a sentence or two. */
export class CannotDoError extends Error {
  override readonly name = 'CannotDoError';
}
