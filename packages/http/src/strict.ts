import { z, type ZodObject, type ZodType } from 'zod';

/** The same object, refusing what it does not know, unless its author chose a loose one. */
export const strictly = (schema: ZodObject | undefined): ZodObject =>
  schema === undefined ? z.strictObject({}) : schema.def.catchall === undefined ? schema.strict() : schema;

interface AnyDef {
  readonly type: string;
  readonly catchall?: unknown;
  readonly shape?: Readonly<Record<string, ZodType>>;
  readonly innerType?: ZodType;
  readonly element?: ZodType;
  readonly in?: ZodType;
  readonly valueType?: ZodType;
  readonly left?: ZodType;
  readonly right?: ZodType;
  readonly options?: readonly ZodType[];
  readonly items?: readonly ZodType[];
}

/** Where in a schema an object would swallow unknown properties instead of refusing them; undefined when nowhere. */
export function looseObjectIn(schema: ZodType, pointer = ''): string | undefined {
  const def = schema.def as unknown as AnyDef;
  if (def.type === 'object' && def.catchall === undefined) return pointer || '/';
  for (const [name, property] of Object.entries(def.shape ?? {})) {
    const found = looseObjectIn(property, `${pointer}/${name}`);
    if (found !== undefined) return found;
  }
  const below = [
    def.innerType,
    def.in,
    def.left,
    def.right,
    def.element,
    def.valueType,
    ...(def.options ?? []),
    ...(def.items ?? []),
  ];
  for (const part of below) {
    const found = part && looseObjectIn(part, pointer);
    if (found !== undefined) return found;
  }
  return undefined;
}
