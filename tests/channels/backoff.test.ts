import { describe, expect, test } from "vitest";
import { BackoffArgumentError, Breaker, retryAt } from "../../engine/channels/backoff.ts";

const MINUTE = 60_000;
const T0 = Date.parse("2026-03-01T09:00:00Z");

describe("retryAt", () => {
  test.each([
    [1, 0.5, 4],
    [2, 0.5, 16],
    [3, 0.5, 64],
    [4, 0.5, 256],
    [5, 0.5, 1024],
    [1, 0, 3.6],
    [5, 0, 921.6],
  ])("after failed attempt %i with jitter %f it waits %f minutes", (attempt, jitter, minutes) => {
    expect(retryAt(attempt, T0, jitter)).toBe(T0 + minutes * MINUTE);
  });

  test("gives up after the fifth retry has failed", () => {
    expect(retryAt(6, T0, 0.5)).toBeNull();
    expect(retryAt(60, T0, 0.5)).toBeNull();
  });

  test("spreads five retries over about a day, whatever the jitter", () => {
    const last = (jitter: number) => {
      let at = T0;
      for (let attempt = 1; attempt <= 5; attempt += 1)
        at = retryAt(attempt, at, jitter) ?? Number.NaN;
      return (at - T0) / (60 * MINUTE);
    };
    expect(last(0)).toBeCloseTo(20.46, 2);
    expect(last(0.999999)).toBeCloseTo(25.01, 2);
  });

  test("refuses attempts and jitter that can't be", () => {
    expect(() => retryAt(0, T0, 0.5)).toThrow(BackoffArgumentError);
    expect(() => retryAt(1.5, T0, 0.5)).toThrow(BackoffArgumentError);
    expect(() => retryAt(1, T0, 1)).toThrow(BackoffArgumentError);
    expect(() => retryAt(1, T0, Number.NaN)).toThrow(BackoffArgumentError);
  });
});

describe("Breaker", () => {
  const settings = { failures: 3, openFor: 30_000, longest: 120_000 };
  const opened = (at: number) => {
    const breaker = new Breaker(settings);
    for (let i = 0; i < 3; i += 1) breaker.onFailure(at);
    return breaker;
  };

  test("stays closed below its number of failures in a row", () => {
    const breaker = new Breaker(settings);
    breaker.onFailure(T0);
    breaker.onFailure(T0);
    breaker.onSuccess(T0);
    breaker.onFailure(T0);
    breaker.onFailure(T0);
    expect(breaker.openUntil).toBeNull();
    expect(breaker.mayTry(T0)).toBe(true);
  });

  test("opens at its number of failures and lets nothing through before its time", () => {
    const breaker = opened(T0);
    expect(breaker.openUntil).toBe(T0 + 30_000);
    expect(breaker.mayTry(T0 + 29_999)).toBe(false);
  });

  test("lets exactly one probe through when half-open", () => {
    const breaker = opened(T0);
    expect(breaker.mayTry(T0 + 30_000)).toBe(true);
    expect(breaker.mayTry(T0 + 30_000)).toBe(false);
    expect(breaker.mayTry(T0 + 31_000)).toBe(false);
  });

  test("closes when the probe succeeds and counts from zero again", () => {
    const breaker = opened(T0);
    breaker.mayTry(T0 + 30_000);
    breaker.onSuccess(T0 + 30_100);
    expect(breaker.openUntil).toBeNull();
    breaker.onFailure(T0 + 30_200);
    breaker.onFailure(T0 + 30_200);
    expect(breaker.mayTry(T0 + 30_200)).toBe(true);
  });

  test("doubles its time with each failed probe, up to the longest", () => {
    const breaker = opened(T0);
    let now = T0 + 30_000;
    const times: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      expect(breaker.mayTry(now)).toBe(true);
      breaker.onFailure(now);
      times.push((breaker.openUntil ?? 0) - now);
      now = breaker.openUntil ?? 0;
    }
    expect(times).toEqual([60_000, 120_000, 120_000, 120_000]);
  });

  test("isn't prolonged by attempts that began before it opened", () => {
    const breaker = opened(T0);
    breaker.onFailure(T0 + 20_000);
    expect(breaker.openUntil).toBe(T0 + 30_000);
  });

  test("lets another probe through when the first one's result never came", () => {
    const breaker = opened(T0);
    expect(breaker.mayTry(T0 + 30_000)).toBe(true);
    expect(breaker.mayTry(T0 + 30_000 + 119_999)).toBe(false);
    expect(breaker.mayTry(T0 + 30_000 + 120_000)).toBe(true);
  });

  test("isn't held open by a clock that was set back", () => {
    const breaker = opened(T0);
    const back = T0 - 3_600_000;
    expect(breaker.mayTry(back)).toBe(false);
    expect(breaker.openUntil).toBe(back + 30_000);
    expect(breaker.mayTry(back + 30_000)).toBe(true);
  });
});
