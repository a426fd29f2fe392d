/** Writes of the API that came with an idempotency key. */
export const requests = `
CREATE TABLE requests (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  began INTEGER NOT NULL,
  answer TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_began ON requests (began);
`;
