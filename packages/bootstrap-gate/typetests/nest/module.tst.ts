import { createGate, plan } from '../../src/index.js';
import { GateModule, InjectGate } from '../../src/doors/nest.js';
import type { DynamicModule } from '@nestjs/common';
import { expect, test } from 'tstyche';

class Database {
  async connect(): Promise<this> {
    return this;
  }
  async end(): Promise<void> {}
}

test('forRoot takes a gate, a plan, a bootstrap with its stop', () => {
  expect(GateModule.forRoot).type.toBeCallableWith();
  expect(GateModule.forRoot).type.toBeCallableWith({ gate: createGate({ bootstrap: () => 1 }), health: true });
  expect(GateModule.forRoot).type.toBeCallableWith({ bootstrap: plan().step('a', () => 1) });
  const bootstrap = { run: () => new Database().connect(), stop: (db: Database) => db.end() };
  expect(GateModule.forRoot({ bootstrap })).type.toBe<DynamicModule>();
});

test('forRootAsync takes a factory with what it needs', () => {
  const useFactory = (db: Database) => ({ bootstrap: () => db.connect(), eager: true });
  expect(GateModule.forRootAsync).type.toBeCallableWith({ inject: [Database], useFactory });
});

test('wrong options do not compile', () => {
  expect(GateModule.forRoot).type.not.toBeCallableWith({ waitTimeout: 1 });
  expect(GateModule.forRoot).type.not.toBeCallableWith({ bootstrap: () => 1, handler: () => () => {} });
  expect(GateModule.forRoot).type.not.toBeCallableWith({ gate: createGate({ bootstrap: () => 1 }), eager: true });
});

test('the decorator is for parameters and properties', () => {
  expect(InjectGate()).type.toBe<PropertyDecorator & ParameterDecorator>();
});
