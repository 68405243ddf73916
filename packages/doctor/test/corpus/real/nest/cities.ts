import { Controller, Get, Inject, Injectable } from '@nestjs/common';

@Injectable()
export class Cities {
  names: string[] = [];

  async load(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 700));
    this.names = ['Bern', 'Oslo'];
  }
}

@Controller('cities')
export class CitiesController {
  constructor(@Inject(Cities) private readonly cities: Cities) {}

  @Get()
  list(): string[] {
    return this.cities.names;
  }
}
