/** A problem's sentence without the place that it begins with: beside the field the place is plain. */
export function bare(message: string): string {
  const match = /^.{0,200}?\([^()]{1,80}\)[^:]{0,80}: (.+)$/su.exec(message);
  const rest = match?.[1] ?? message;
  return rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
}
