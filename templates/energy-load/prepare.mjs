// Turns the hourly load of Italy into rows that a model can learn from: one row an hour, 69 features, and the load to forecast.
//
//   node prepare.mjs            reads data/it-load-hourly.csv.gz, writes data/train.csv and data/test.csv
//
// Plain Node, no packages. Everything a row holds is known a day before the hour it speaks of: the calendar, and the load 24 to 48
// hours earlier. The split is chronological, because a forecast is always asked about a time that no training row has seen.

import { readFileSync, writeFileSync, renameSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const source = 'data/it-load-hourly.csv.gz';
const split = Date.UTC(2020, 0, 1); // train before, test from here on
const end = Date.UTC(2020, 6, 31); // the last day of the source has no whole day after it
const timeZone = 'Europe/Rome'; // people switch on lights by their own clock, not by UTC
const lags = Array.from({ length: 25 }, (_, i) => 24 + i); // hours
const hourMs = 3600_000;

const hours = readHours(source);
const header = [
  'time',
  ...range(1, 12).map((m) => `month_${m}`),
  ...range(0, 6).map((d) => `weekday_${d}`), // 0 is Monday
  ...range(0, 23).map((h) => `hour_${h}`),
  'holiday',
  ...lags.map((lag) => `lag_${lag}`),
  'load',
].join(',');

const rows = { train: [header], test: [header] };
const local = localClock();
for (let i = Math.max(...lags); i < hours.length; i++) {
  const { time, load } = hours[i];
  if (time >= end) break;
  const { year, month, day, hour, weekday } = local(time);
  const cells = [
    new Date(time).toISOString().replace('.000Z', 'Z'),
    oneHot(12, month - 1),
    oneHot(7, weekday),
    oneHot(24, hour),
    isHoliday(year, month, day) ? 1 : 0,
    ...lags.map((lag) => hours[i - lag].load),
    load,
  ];
  rows[time < split ? 'train' : 'test'].push(cells.join(','));
}

for (const [name, lines] of Object.entries(rows)) {
  const path = `data/${name}.csv`;
  writeFileSync(`${path}.tmp`, lines.join('\n') + '\n');
  renameSync(`${path}.tmp`, path);
  console.log(`${path}: ${lines.length - 1} rows`);
}

/** Every hour of the source, in order; throws where an hour is missing, doubled or has no load, because lags are counted in rows. */
function readHours(path) {
  const [, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line, i) => {
    const [start, , text] = line.split(',');
    const time = Date.parse(start.replace(' ', 'T'));
    const load = Number(text);
    const expected = Date.parse(lines[0].split(',')[0].replace(' ', 'T')) + i * hourMs;
    if (time !== expected || text.trim() === '' || !Number.isFinite(load)) {
      throw new Error(`${path}, line ${i + 2}: expected the load at ${new Date(expected).toISOString()}, found "${line}"`);
    }
    return { time, load };
  });
}

/** A function from UTC milliseconds to the local calendar. The offset from UTC is looked up once a day and at the two days it changes. */
function localClock() {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit',
  });
  const offsetAt = (time) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour) - time;
  };
  const offsets = new Map();
  const dailyOffset = (day) => {
    if (!offsets.has(day)) offsets.set(day, offsetAt(day * 24 * hourMs));
    return offsets.get(day);
  };
  return (time) => {
    const day = Math.floor(time / (24 * hourMs));
    const offset = dailyOffset(day) === dailyOffset(day + 1) ? dailyOffset(day) : offsetAt(time);
    const clock = new Date(time + offset);
    return {
      year: clock.getUTCFullYear(),
      month: clock.getUTCMonth() + 1,
      day: clock.getUTCDate(),
      hour: clock.getUTCHours(),
      weekday: (clock.getUTCDay() + 6) % 7,
    };
  };
}

/** Italy's public holidays: the fixed ones, Easter Sunday and Easter Monday. */
function isHoliday(year, month, day) {
  const fixed = ['1-1', '1-6', '4-25', '5-1', '6-2', '8-15', '11-1', '12-8', '12-25', '12-26'];
  if (fixed.includes(`${month}-${day}`)) return true;
  const easter = easterSunday(year);
  const date = Date.UTC(year, month - 1, day);
  return date === easter || date === easter + 24 * hourMs;
}

/** The Gregorian computus (Meeus, Jones, Butcher). */
function easterSunday(year) {
  const a = year % 19, b = Math.floor(year / 100), c = year % 100;
  const d = Math.floor(b / 4), e = b % 4, f = Math.floor((b + 8) / 25), g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30, i = Math.floor(c / 4), k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7, m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31), day = ((h + l - 7 * m + 114) % 31) + 1;
  return Date.UTC(year, month - 1, day);
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function oneHot(size, index) {
  const cells = new Array(size).fill(0);
  cells[index] = 1;
  return cells.join(',');
}
