/** Those whose label holds what was typed, wherever and in whatever case; those that begin so come first. */
export function matching<Option extends { label: string }>(options: Option[], typed: string): Option[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return options;
  const place = ({ label }: Option) => label.toLowerCase().indexOf(wanted);
  const found = options.filter((option) => place(option) >= 0);
  return [...found.filter((option) => place(option) === 0), ...found.filter((option) => place(option) > 0)];
}
