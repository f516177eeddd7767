import type { Faker } from '@faker-js/faker';
import { wholeOf, type Random } from '../chance.ts';

/** Made-up values in both languages; they are loaded where a template has some. */
export interface Fakes {
  en: Faker;
  zh: Faker;
}

/** Loads the values: a tenth of a second, once. */
export async function loadFakes(): Promise<Fakes> {
  const [en, zh] = await Promise.all([import('@faker-js/faker/locale/en'), import('@faker-js/faker/locale/zh_CN')]);
  return { en: en.faker, zh: zh.faker };
}

function numberIn(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

type Make = (fakes: Faker, args: readonly unknown[]) => string | number | boolean;

/** The makers of values: each takes bounded time and reads nothing from elsewhere. */
const makers: Readonly<Record<string, Make>> = {
  'internet.ip': (fakes) => fakes.internet.ipv4(),
  'internet.ipv4': (fakes) => fakes.internet.ipv4(),
  'internet.ipv6': (fakes) => fakes.internet.ipv6(),
  'internet.mac': (fakes) => fakes.internet.mac(),
  'internet.port': (fakes) => fakes.internet.port(),
  'internet.domainName': (fakes) => fakes.internet.domainName(),
  'internet.url': (fakes) => fakes.internet.url(),
  'internet.email': (fakes) => fakes.internet.exampleEmail(),
  'internet.username': (fakes) => fakes.internet.username(),
  'internet.userAgent': (fakes) => fakes.internet.userAgent(),
  'internet.httpMethod': (fakes) => fakes.internet.httpMethod(),
  'internet.httpStatusCode': (fakes) => fakes.internet.httpStatusCode(),
  'person.fullName': (fakes) => fakes.person.fullName(),
  'person.firstName': (fakes) => fakes.person.firstName(),
  'person.lastName': (fakes) => fakes.person.lastName(),
  'person.jobTitle': (fakes) => fakes.person.jobTitle(),
  'company.name': (fakes) => fakes.company.name(),
  'commerce.product': (fakes) => fakes.commerce.productName(),
  'commerce.price': (fakes) => fakes.commerce.price(),
  'finance.amount': (fakes) => fakes.finance.amount(),
  'finance.currency': (fakes) => fakes.finance.currencyCode(),
  'location.country': (fakes) => fakes.location.country(),
  'location.countryCode': (fakes) => fakes.location.countryCode(),
  'location.city': (fakes) => fakes.location.city(),
  'location.street': (fakes) => fakes.location.streetAddress(),
  'location.latitude': (fakes) => fakes.location.latitude(),
  'location.longitude': (fakes) => fakes.location.longitude(),
  'phone.number': (fakes) => fakes.phone.number(),
  'lorem.word': (fakes) => fakes.lorem.word(),
  'lorem.words': (fakes) => fakes.lorem.words(),
  'lorem.sentence': (fakes) => fakes.lorem.sentence(),
  'lorem.paragraph': (fakes) => fakes.lorem.paragraph(),
  'hacker.phrase': (fakes) => fakes.hacker.phrase(),
  'system.fileName': (fakes) => fakes.system.fileName(),
  'system.filePath': (fakes) => fakes.system.filePath(),
  'system.mimeType': (fakes) => fakes.system.mimeType(),
  'system.semver': (fakes) => fakes.system.semver(),
  'git.commitSha': (fakes) => fakes.git.commitSha(),
  'git.branch': (fakes) => fakes.git.branch(),
  'string.uuid': (fakes) => fakes.string.uuid(),
  'string.md5': (fakes) => fakes.string.hexadecimal({ length: 32, prefix: '', casing: 'lower' }),
  'string.sha1': (fakes) => fakes.string.hexadecimal({ length: 40, prefix: '', casing: 'lower' }),
  'string.sha256': (fakes) => fakes.string.hexadecimal({ length: 64, prefix: '', casing: 'lower' }),
  'string.alphanumeric': (fakes, [length]) => fakes.string.alphanumeric(lengthIn(length)),
  'string.numeric': (fakes, [length]) => fakes.string.numeric(lengthIn(length)),
  'number.int': (fakes, [least, most]) => {
    const [from, to] = rangeIn(least, most, 1000);
    return fakes.number.int({ min: Math.ceil(from), max: Math.max(Math.ceil(from), Math.floor(to)) });
  },
  'number.float': (fakes, [least, most]) => {
    const [from, to] = rangeIn(least, most, 1);
    return fakes.number.float({ min: from, max: to, fractionDigits: 2 });
  },
  'datatype.boolean': (fakes) => fakes.datatype.boolean(),
  'date.recent': (fakes) => fakes.date.recent({ days: 1 }).toISOString(),
  'date.past': (fakes) => fakes.date.past().toISOString(),
  'date.soon': (fakes) => fakes.date.soon({ days: 1 }).toISOString(),
  'date.future': (fakes) => fakes.date.future().toISOString(),
  'color.human': (fakes) => fakes.color.human(),
  'vehicle.vehicle': (fakes) => fakes.vehicle.vehicle(),
  'airline.flightNumber': (fakes) => fakes.airline.flightNumber({ addLeadingZeros: true }),
  'airline.airport': (fakes) => fakes.airline.airport().iataCode,
};

/** The names of makers for templates. */
export const fakeNames: readonly string[] = Object.keys(makers);

function lengthIn(value: unknown): number {
  return Math.min(256, Math.max(1, Math.floor(numberIn(value, 8))));
}

function rangeIn(least: unknown, most: unknown, span: number): [number, number] {
  const most53 = Number.MAX_SAFE_INTEGER;
  const from = Math.min(most53, Math.max(-most53, numberIn(least, 0)));
  return [from, Math.min(most53, Math.max(from, numberIn(most, from + span)))];
}

/** One made-up value, in Chinese where the last argument is `zh`; throws with the names there are where it has none of this. */
export function fakeOf(
  fakes: Fakes,
  name: string,
  args: readonly unknown[],
  random: Random,
  time: number,
): string | number | boolean {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make === undefined)
    throw new Error(`There is no made-up ${name.slice(0, 60)}; there are ${fakeNames.join(', ')}`);
  const library = args.at(-1) === 'zh' ? fakes.zh : fakes.en;
  // One library serves all: it is set before each value, and nothing waits in between.
  library.seed(wholeOf(random, 0, 2 ** 31 - 1));
  library.setDefaultRefDate(time);
  return make(library, args);
}
