/** `count(3, { one: '# order', other: '# orders' })` → `3 orders`, by the rules of the language. */
export const pluralIn = (language: string) => {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n: number, forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>): string =>
    (forms[rules.select(n)] ?? forms.other).replace('#', numbers.format(n));
};
