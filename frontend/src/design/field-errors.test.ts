import { ShopProblem } from '@g-store/client';
import { fieldErrors } from './field-errors.js';

const refused = (...pointers: readonly string[]) =>
  new ShopProblem(
    { errors: pointers.map((pointer) => ({ pointer, detail: `wrong at ${pointer}` })) },
    new Response(null, { status: 400 }),
  );

describe("what the shop says about somebody's typing", () => {
  it('stands at the field that it is about', () => {
    expect(fieldErrors(refused('/login', '/items/0/price', '/a~1b~0c'))).toEqual({
      login: 'wrong at /login',
      'items.0.price': 'wrong at /items/0/price',
      'a/b~c': 'wrong at /a~1b~0c',
    });
  });

  it('is nothing when the shop was not reached', () => {
    expect(fieldErrors(new TypeError('failed to fetch'))).toEqual({});
  });
});
