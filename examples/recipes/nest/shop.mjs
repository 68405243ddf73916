// What a compiler makes of a controller with decorators: `Controller()(Shop)` is `@Controller() class Shop`.
import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';

export const rates = {
  vat: 0,
  load: async () => Object.assign(rates, await (await fetch(process.env.SLOW_URL)).json()),
};

export class Shop {
  price() {
    return { price: 100 * (1 + rates.vat) };
  }
}
Controller()(Shop);
Get('price')(Shop.prototype, 'price', Object.getOwnPropertyDescriptor(Shop.prototype, 'price'));
